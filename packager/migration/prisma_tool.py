"""Finds the project's own Prisma: installed beside the schema, or in a running service that mounts it."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from installer.errors import AirlockError
from installer.system.compose.compose import Compose
from installer.system.process.process import run
from packager.project.project import Project

PRISMA = ("npx", "--no-install", "prisma")
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class PrismaTool:
    """How to call Prisma: the words before its own arguments, and the working directory."""

    words: tuple[str, ...]
    directory: Path

    def create_only(self, name: str) -> tuple[str, ...]:
        """Returns the command that writes a migration and does not apply it."""
        return (*self.words, "migrate", "dev", "--create-only", "--name", name)


def find_prisma(project: Project, folder: str) -> PrismaTool | None:
    """Returns the Prisma of the package that contains the migrations in `folder`; None if there is none."""
    package = _package_of(project, folder)
    if package is None:
        return None
    if (package / "node_modules/.bin/prisma").exists():
        return PrismaTool(PRISMA, package)
    return next(_in_services(project, package), None)


def _package_of(project: Project, folder: str) -> Path | None:
    """Returns the nearest folder with a package.json, from the schema's up to the project's."""
    root = project.directory.resolve()
    schema = (root / folder).parent
    above = [place for place in (schema, *schema.parents) if place == root or root in place.parents]
    return next((place for place in above if (place / "package.json").is_file()), None)


def _in_services(project: Project, package: Path) -> Iterator[PrismaTool]:
    """Yields Prisma in services that mount the package, so that its output is written to this disk."""
    names = [file.name for file in project.compose.files]
    compose = Compose(project.directory.resolve(), (*names, *filter(None, [project.override])))
    try:
        model = compose.model()
    except AirlockError:
        return  # no Docker, or missing settings: no service can be checked
    for service in model.services.values():
        for mount in service.mounts:
            inside = _inside(package, mount.source, mount.target) if mount.kind == "bind" else None
            if inside is None or mount.read_only:
                continue
            words = ("exec", "--workdir", inside, service.name)
            if _answers(compose.command("exec", "--no-TTY", *words[1:], *PRISMA, "--version")):
                yield PrismaTool((*compose.command(*words), *PRISMA), project.directory)


def _answers(command: tuple[str, ...]) -> bool:
    """Returns whether Prisma runs; a service that is not running fails at once."""
    try:
        return not run(command, timeout_seconds=PATIENCE_SECONDS).exit_code
    except subprocess.TimeoutExpired:
        return False


def _inside(package: Path, source: str, target: str) -> str | None:
    """Returns the path of the package in a container that mounts `source` at `target`."""
    place = Path(source).resolve()
    if place != package and place not in package.parents:
        return None
    return str(PurePosixPath(target) / package.relative_to(place).as_posix())
