"""Keeps the logs of containers before an undo removes them."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from installer.errors import AirlockError
from installer.operations.services.change_context import Change
from installer.site.paths import runs_folder
from installer.site.starting.container_log import last_lines
from installer.system.docker.docker import Container, Engine
from installer.system.files.files import write_atomically
from installer.text import _

LOGS = "logs"
KEPT_LINES = 2000


def keep_release_logs(change: Change) -> None:
    """Keeps the logs of the new release's containers in the run's folder."""
    plan = change.plan
    with suppress(AirlockError):
        ours = [
            one for one in change.engine.containers(project=plan.project) if one.working_dir == plan.release
        ]
        folder = runs_folder(plan.release) / plan.run_name / LOGS
        if keep_logs(change.engine, ours, folder):
            change.console.say(_("The logs of the new release's services are kept in {path}", path=folder))


def keep_logs(engine: Engine, containers: Sequence[Container], folder: Path) -> tuple[Path, ...]:
    """Writes each container's last lines to a file of the folder; returns the files written.

    Skips what cannot be read or written: keeping logs must not block the undo.
    """
    kept: list[Path] = []
    for name, container in _named(containers):
        with suppress(AirlockError, OSError):
            lines = last_lines(engine, container, KEPT_LINES)
            if not lines:
                continue
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(folder / f"{name}.log", "".join(f"{line}\n" for line in lines).encode())
            kept.append(folder / f"{name}.log")
    return tuple(kept)


def _named(containers: Iterable[Container]) -> Iterator[tuple[str, Container]]:
    """Names containers by service; by their own names if a service has several."""
    taken: set[str] = set()
    for container in containers:
        name = container.service
        if name is None or name in taken:
            name = container.name
        taken.add(name)
        yield name, container
