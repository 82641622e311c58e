"""Lets Compose itself read the pinned files, in a folder where nothing else is: what it refuses is found when
exporting, and what it makes of them must be what it makes of the project's own files, images aside."""

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

DEEP = "a/b/c/d/e"  # so that paths with some `..` stay in the folder
TIMEOUT_SECONDS = 60
NOT_THERE = re.compile(
    r"unknown flag: --ansi|is not a docker command|env file \S+ not found|couldn't find env"
)


def check_pinned(plan: ExportPlan) -> str | None:
    """None where Compose takes the pinned files, else why that could not be found out.

    Raises `UsageProblem` with Compose's words when it refuses them, whatever their variables hold, or when
    they mean something else than the project's files.
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
    """What .env.example says, and placeholders for the rest."""
    example = read_settings(plan.project.directory / ENV_EXAMPLE)
    trees = [file.root for file in plan.project.compose.all_files]
    given = {name: value for name, value in example.items() if value}
    return {**placeholders(trees, number, only_required=only_required), **given}


@dataclass(frozen=True)
class _Sandbox:
    """A folder with compose files and what they need to be read, one set after the other."""

    plan: ExportPlan
    root: Path

    def read(self, texts: Mapping[str, str], values: Mapping[str, str]) -> Completed:
        """What `docker compose config` says to these texts with these values of variables."""
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
        """The words of an error, with paths as they are in the project."""
        lines = [line.strip() for line in done.stderr.replace(f"{self.root}/", "").splitlines()]
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
    """The error, where it is the same with other values; else why nothing is known."""
    if not first:
        return "docker compose config"  # a command that says nothing is no Compose
    if first != second or any(NOT_THERE.search(line) for line in first):
        return first[-1]
    override = plan.project.override
    raise UsageProblem(
        _("Docker Compose refuses the compose files of the release."),
        details=[*first, *_places(plan, " ".join(first))],
        hint=_(
            "{override} is not packed: move what the release needs from it into {file}, "
            "or list it under `compose:` in airlock.yml.",
            override=override,
            file=plan.project.compose.files[0].name,
        )
        if override and "undefined" in " ".join(first)
        else _("Fix the compose file; to see what Compose makes of it, run: docker compose config"),
    )


def _places(plan: ExportPlan, words: str) -> list[str]:
    named = set(re.findall(r'service "([^"]+)"|services\.([\w.-]+)', words))
    names = {name for pair in named for name in pair if name}
    return [service.place for service in plan.project.compose.services if service.name in names]


def _expect_same(original: Completed, pinned: Completed) -> None:
    if original.exit_code:
        return  # only the project's own file says something that the release leaves out
    found = differences(json.loads(original.stdout), json.loads(pinned.stdout))
    if found:
        raise UsageProblem(
            _("The pinned compose files would not mean what the project's compose files mean."),
            details=found,
            hint=_("Write these places in a plainer way, without anchors and merge keys."),
        )
