"""Checks the pinned compose files with Compose itself, in an otherwise empty folder.

Files that Compose refuses are found when exporting, and the resulting model must equal that of the project's
own files, except for images.
"""

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import ENV_EXAMPLE
from installer.bundle.variables import NoValue, with_values
from installer.errors import Refused, UsageProblem
from installer.system.compose.compose import Compose
from installer.system.compose.environment import read_settings
from installer.system.files.temporary import temporary_folder
from installer.system.process.process import Completed, run
from installer.text import _
from packager.pinning.compared_models import differences
from packager.pinning.pinned_compose import pinned_compose
from packager.pinning.placeholders import placeholders
from packager.plan.export_plan import ExportPlan

DEEP = "a/b/c/d/e"  # so that paths with a few `..` stay in the folder
TIMEOUT_SECONDS = 60
NOT_THERE = re.compile(
    r"unknown flag: --ansi|is not a docker command|env file \S+ not found|couldn't find env"
)


def check_pinned(plan: ExportPlan) -> str | None:
    """Returns None if Compose accepts the pinned files, else why they could not be checked.

    Raises `UsageProblem` with Compose's message if it refuses them for any values of their variables, or if
    they differ in meaning from the project's files.
    """
    pinned = pinned_compose(plan)
    with temporary_folder(Path(tempfile.gettempdir()), "airlock-check-") as folder:
        sandbox = _Sandbox(plan, folder / DEEP / plan.project.project)
        try:
            first, second = sandbox.read(pinned, _values(plan, 1)), None
            if first.exit_code:
                second = sandbox.read(pinned, _values(plan, 2, only_required=True))
        except Refused as obstacle:
            return obstacle.happened
        if first.exit_code and second is not None and second.exit_code:
            return _judge(plan, sandbox.words(first), sandbox.words(second))
        values = _values(plan, 2, only_required=True) if second is not None else _values(plan, 1)
        original = sandbox.read({file.name: file.text for file in plan.project.compose.all_files}, values)
        _expect_same(original, second or first)
        return None


def _values(plan: ExportPlan, number: int, *, only_required: bool = False) -> Mapping[str, str]:
    """Returns the values of .env.example, and placeholders for the other variables."""
    example = read_settings(plan.project.directory / ENV_EXAMPLE, {})
    trees = [file.root for file in plan.project.compose.all_files]
    given = {name: value for name, value in example.items() if value}
    return {**placeholders(trees, number, only_required=only_required), **given}


@dataclass(frozen=True)
class _Sandbox:
    """A folder with compose files and the files they read, for one set of files after another."""

    plan: ExportPlan
    root: Path

    def read(self, texts: Mapping[str, str], values: Mapping[str, str]) -> Completed:
        """Runs `docker compose config` on these texts with these values of variables."""
        for name, text in texts.items():
            self._write(name, text)
        for name in self._settings_files():
            with suppress(NoValue):
                self._write(with_values(name, values), "")
        project = self.plan.project
        compose = Compose(self.root, tuple(file.name for file in project.compose.files), project.project)
        profiles = [word for name in project.compose.profiles for word in ("--profile", name)]
        words = compose.command(*profiles, "config", "--format", "json")
        unset = {name for name in os.environ if name.startswith("COMPOSE_") or name in self._variables()}
        return run(words, secrets=values, unset=unset, timeout_seconds=TIMEOUT_SECONDS)

    def words(self, done: Completed) -> list[str]:
        """Returns the lines of an error message, with paths as in the project."""
        lines = [line.strip() for line in done.stderr.replace(f"{self.root}{os.sep}", "").splitlines()]
        return [line for line in lines if line and "level=warning" not in line]

    def _variables(self) -> set[str]:
        return {variable.name for variable in self.plan.project.compose.variables}

    def _settings_files(self) -> Iterator[str]:
        compose = self.plan.project.compose
        yield from compose.include_env_files
        for service in compose.services:
            yield from service.env_files

    def _write(self, name: str, text: str) -> None:
        place = Path(os.path.normpath(self.root / name))
        if place.is_relative_to(self.root.parents[len(Path(DEEP).parts) - 1]):
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, "utf-8")


def _judge(plan: ExportPlan, first: list[str], second: list[str]) -> str:
    """Raises the error if other values give the same one; else returns why nothing is known."""
    if not first:
        return "docker compose config"  # a command without any output is not Compose
    if first != second or any(NOT_THERE.search(line) for line in first):
        return first[-1]
    override = plan.project.override
    raise UsageProblem(
        _("Docker Compose rejects the compose files of the release."),
        details=[*first, *_places(plan, " ".join(first))],
        hint=_(
            "{override} is not packed. Move the settings that the release needs into {file}, or list "
            "{override} under `compose:` in airlock.yml.",
            override=override,
            file=plan.project.compose.files[0].name,
        )
        if override and "undefined" in " ".join(first)
        else _("Fix the compose file. To see how Compose reads it, run: docker compose config"),
    )


def _places(plan: ExportPlan, words: str) -> list[str]:
    named = set(re.findall(r'service "([^"]+)"|services\.([\w.-]+)', words))
    names = {name for pair in named for name in pair if name}
    return [service.place for service in plan.project.compose.services if service.name in names]


def _expect_same(original: Completed, pinned: Completed) -> None:
    if original.exit_code:
        return  # only the project's own file has this error, in something that the release leaves out
    found = differences(json.loads(original.stdout), json.loads(pinned.stdout))
    if found:
        raise UsageProblem(
            _("The pinned compose files would differ in meaning from the project's compose files."),
            details=found,
            hint=_("Rewrite these places without anchors and merge keys."),
        )
