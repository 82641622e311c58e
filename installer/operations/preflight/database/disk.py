"""Checks whether images, copy and backup fit on the disk, per filesystem."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.images.load_stream import Selection, layer_sizes
from installer.operations.images.load_images import lacking, loads_of
from installer.operations.plan.find_old_database import old_databases
from installer.operations.preflight.database.database_bytes import converted_bytes, database_sizes
from installer.operations.preflight.findings.finding import Finding, failed, failed_if_any, ok, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.screen.console import size
from installer.site.paths import backups_folder
from installer.system.files.files import filesystem_of, free_bytes
from installer.system.files.reserve import RESERVE_BYTES
from installer.system.files.shared_blocks import shares_blocks
from installer.text import _


@dataclass(frozen=True)
class Need:
    """Describes space that the import needs at a place. Moving data instead would save a copy."""

    place: Path
    purpose: str
    size_bytes: int
    is_copy: bool = False


@dataclass(frozen=True)
class Room:
    """Describes a filesystem: one place on it, and its free space."""

    place: Path
    free_bytes: int


def check_disk(around: Surroundings) -> Iterator[Finding]:
    """Checks all needs together, per filesystem; and whether moved data stays on its own."""
    all_needs = tuple(needs_of(around))
    closed = sorted({need.place for need in all_needs if _is_closed(need.place)})
    yield from judge_closed(closed)
    needs = tuple(need for need in all_needs if need.place not in closed)
    filesystems = {need.place: filesystem_of(need.place) for need in needs}
    rooms = {filesystems[need.place]: Room(need.place, free_bytes(need.place)) for need in needs}
    yield from judge_disk(needs, filesystems, rooms)
    moved = [item for item in around.situation.plan.state if not item.is_copied]
    apart = [item.source for item in moved if filesystem_of(item.source) != filesystem_of(item.target)]
    yield from judge_move(apart)


def judge_disk(
    needs: Iterable[Need], filesystems: Mapping[Path, int], rooms: Mapping[int, Room]
) -> Iterator[Finding]:
    """Returns one finding per filesystem. `filesystems`: place → its filesystem."""
    for filesystem, room in rooms.items():
        here = [need for need in needs if filesystems[need.place] == filesystem and need.size_bytes]
        wanted_bytes = sum(need.size_bytes for need in here) + RESERVE_BYTES
        facts = {"place": room.place, "needed": size(wanted_bytes), "free": size(room.free_bytes)}
        if wanted_bytes <= room.free_bytes:
            yield ok(_("Disk of {place}: {needed} needed, {free} free", **facts))
        else:
            yield failed(
                _("The disk of {place} is too small: {needed} needed, {free} free", **facts),
                [
                    *(f"{need.purpose}: {size(need.size_bytes)}" for need in here),
                    _("reserve: {size}", size=size(RESERVE_BYTES)),
                ],
                hint=_("Make room there, or carry the data over without a copy: --state move")
                if any(need.is_copy for need in here)
                else _("Make room there; see how much there is: df -h"),
            )


def judge_closed(places: Sequence[Path]) -> Iterator[Finding]:
    """Warns of places that only root may read, such as the engine's own in a closed folder."""
    for place in places:
        yield warning(
            _(
                "The free space on the disk of {place} is unknown: you have no permission to read it.",
                place=place,
            ),
            hint=_("To check it, run the command with sudo."),
        )


def judge_move(elsewhere: list[Path]) -> Iterator[Finding]:
    """Fails if data would be moved to another filesystem."""
    return failed_if_any(
        _("Data cannot be moved to another filesystem."),
        [str(path) for path in elsewhere],
        hint=_("Unpack the package beside the old release, or import with: --state copy"),
    )


def images_bytes(loads: Iterable[Selection], there: frozenset[str]) -> int:
    """Returns the most bytes that `loads` need: the engine keeps each load, then stores the layers it lacks.

    `there`: diff IDs of layers that the engine has. Two loads that share a layer store it twice for a while.
    """
    return sum(
        load.layers_bytes
        + sum(size for diff_id, size in layer_sizes(load.images).items() if diff_id not in there)
        for load in loads
    )


def needs_of(around: Surroundings) -> Iterator[Need]:
    """Lists the space that the import needs, place by place; nothing for a copy that shares its blocks."""
    plan = around.situation.plan
    yield Need(around.engine_version.data_root, _("images"), _images(around))
    yield from _copies(around)
    yield from _conversions(around)
    for database in old_databases(around.situation):
        data_bytes, largest_table_bytes = database_sizes(database)
        yield Need(backups_folder(plan.release), _("backup of the database"), data_bytes)
        carried = (item.target for item in plan.state if database.service.name in item.databases)
        place = next(carried, around.engine_version.data_root)
        yield Need(place, _("largest table, rebuilt by a migration"), largest_table_bytes)


def _is_closed(place: Path) -> bool:
    try:
        place.stat()
    except PermissionError:
        return True
    except OSError:
        return False  # it does not exist yet
    return False


def _copies(around: Surroundings) -> Iterator[Need]:
    plan = around.situation.plan
    pairs = [(item.source, item.target) for item in plan.state if item.is_copied]
    pairs += [(snapshot.live, snapshot.holder) for snapshot in plan.copied_files]
    for source, target in pairs:
        if not shares_blocks(source, target):
            purpose = _("copy of {path}", path=source)
            yield Need(target, purpose, around.bytes_below(source), is_copy=plan.state_mode == "copy")


def _conversions(around: Surroundings) -> Iterator[Need]:
    """Lists the new files of converted databases, which take as much space as the old ones without logs."""
    plan = around.situation.plan
    for database in old_databases(around.situation):
        conversion = plan.database(database.service.name).conversion
        if conversion is not None:
            place = conversion.folder or around.engine_version.data_root
            yield Need(place, _("converted database"), converted_bytes(around, database))


def _images(around: Surroundings) -> int:
    selection = lacking(around.engine, around.situation.manifest)
    there = frozenset(layer for image in around.engine.images() for layer in image.diff_ids)
    return images_bytes(loads_of(around.engine, selection), there)
