"""Builds the images of a release with Docker's own builder."""

import re
import tempfile
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from installer.bundle.layout import ENV_EXAMPLE
from installer.errors import Refused, UsageProblem
from installer.screen.console import Console
from installer.system.compose.compose import Compose, compose_version
from installer.system.compose.environment import compose_variables, disturbing_variables, settings_in
from installer.system.files.temporary import temporary_folder
from installer.system.process.process import each_line
from installer.text import _
from packager.image_build.build_file import build_file, image_file
from packager.plan.export_plan import ExportPlan
from packager.project.compose_files import is_file_of, written_bases

LAST_LINES = 30  # the builder's output ends with the step that failed and why
BUILD_STEP = re.compile(r"\[[^\]]+ +\d+/\d+\]")  # "[backend 4/6]"


def build(plan: ExportPlan, console: Console) -> None:
    """Builds the services that have `build:`, tagged with the version of the release; shows progress."""
    compose_version()
    built = [name for image in plan.images if image.origin == "built" for name in image.services]
    services = [name for name in built if _is_built(plan, name)]
    example = plan.project.directory / ENV_EXAMPLE
    with temporary_folder(Path(tempfile.gettempdir()), "airlock-build-") as folder:
        settings = example if example.is_file() else _empty(folder / "empty.env")
        _expect_variables(plan, compose_variables(settings), console)
        compose = Compose(plan.project.directory, _build_files(plan, folder), plan.project.project, settings)
        unset = disturbing_variables(settings_in(settings))
        _run_builder(compose.command("build", *services), unset, services, console)


def _run_builder(
    command: Sequence[str], unset: Collection[str], services: Sequence[str], console: Console
) -> None:
    """Runs the builder; shows its output as details, and the last lines as the reason if it fails."""
    words = _("Building {services}", services=", ".join(services))
    last_lines: deque[str] = deque(maxlen=LAST_LINES)
    console.say(words)
    with console.waiting(words) as now:

        def take(line: str) -> None:
            console.detail(line)
            last_lines.append(line)
            if step := BUILD_STEP.search(line):
                now(f"{words} {step[0]}")

        exit_code = each_line(command, take, unset=unset)
    if exit_code:
        raise Refused(
            _("Building the images failed: {services}", services=", ".join(services)),
            details=[line for line in last_lines if line],
            hint=_(
                "Fix the cause, then run the export again. To see all output of the builder, add --verbose."
            ),
        )


def _empty(file: Path) -> Path:
    file.touch()
    return file


def _is_built(plan: ExportPlan, name: str) -> bool:
    return any(service.name == name and service.is_built for service in plan.project.compose.services)


def _build_files(plan: ExportPlan, folder: Path) -> tuple[str, ...]:
    """Returns the files to build from.

    Included files are given to Compose like the project's own, with their paths made absolute; files that are
    only extended are written beside them.
    """
    compose = plan.project.compose
    places = {file: folder / f"{number}.yml" for number, file in enumerate(compose.all_files)}
    for file, place in places.items():
        extended = {
            written: str(places[other])
            for written in written_bases(file)
            for other in places
            if is_file_of(other, file, written)
        }
        base = None if file in compose.files else plan.project.directory.resolve() / file.base
        text = build_file(file.text, base, extended, refines_another=compose.refines_another(file))
        place.write_text(text, "utf-8")
    images = folder / "images.yml"
    images.write_text(image_file(plan.image_of, plan.platform), "utf-8")
    given = [place for file, place in places.items() if not file.is_extended]
    return tuple(map(str, (*given, images)))


def _expect_variables(plan: ExportPlan, values: Mapping[str, str], console: Console) -> None:
    """Requires the variables of `build:` sections, from .env.example or the shell, never from `.env`."""
    given = {name for name, value in values.items() if value}
    unset = [v for v in plan.project.compose.build_variables if v.name not in given and v.default is None]
    required = [variable.name for variable in unset if variable.required]
    if required:
        raise UsageProblem(
            _("Variables required by the build have no value."),
            details=required,
            hint=_("Set them in {file}; an export does not read your .env.", file=ENV_EXAMPLE),
        )
    for variable in unset:
        console.warn(_("{name} is not set for the build; it is empty.", name=variable.name))
