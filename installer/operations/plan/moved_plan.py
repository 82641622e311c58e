"""Updates a plan whose directories were renamed since it was written: every path where it is now."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from installer.operations.plan.import_plan import CarriedState, ImportPlan, PlannedDatabase, Previous
from installer.system.files.files import rebased

Move = Callable[[Path], Path]


def plan_in(plan: ImportPlan, release: Path, previous: Path | None) -> ImportPlan:
    """Returns the plan with the release directory at `release` and the old one at `previous`.

    None for `previous` keeps its recorded place. Keeps paths that lie in neither directory.
    """
    move = _move(plan, release, previous)
    return replace(
        plan,
        release=move(plan.release),
        previous=_previous(plan.previous, move) if plan.previous else None,
        state=tuple(_state(item, move) for item in plan.state),
        created_paths=tuple(map(move, plan.created_paths)),
        emptied_paths=tuple(map(move, plan.emptied_paths)),
        databases=tuple(_database(item, move) for item in plan.databases),
    )


def _move(plan: ImportPlan, release: Path, previous: Path | None) -> Move:
    """Moves both at once: one directory may have the other's old name now. The innermost one counts."""
    moves = {plan.release: release}
    if plan.previous is not None and plan.previous.directory != plan.release:
        moves[plan.previous.directory] = previous or plan.previous.directory

    def move(path: Path) -> Path:
        around = [old for old in moves if path.is_relative_to(old)]
        old = max(around, key=lambda one: len(one.parts), default=path)
        return rebased(path, old, moves.get(old, old))

    return move


def _previous(previous: Previous, move: Move) -> Previous:
    return replace(
        previous,
        directory=move(previous.directory),
        files=tuple(str(move(Path(file))) if Path(file).is_absolute() else file for file in previous.files),
        env_file=move(previous.env_file) if previous.env_file else None,
    )


def _state(item: CarriedState, move: Move) -> CarriedState:
    return replace(item, source=move(item.source), target=move(item.target))


def _database(database: PlannedDatabase, move: Move) -> PlannedDatabase:
    kept, conversion = database.snapshot, database.conversion
    if kept is not None:
        database = replace(database, snapshot=replace(kept, live=move(kept.live), holder=move(kept.holder)))
    if conversion is not None and conversion.folder is not None:
        database = replace(database, conversion=replace(conversion, folder=move(conversion.folder)))
    if database.kept_files is not None:
        database = replace(database, kept_files=move(database.kept_files))
    return database
