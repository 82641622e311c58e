"""Checks whether `.env` sets all that the release needs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import ENV, ENV_EXAMPLE
from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.findings.finding import Finding, failed_if_any, ok, warning_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.settings.written_settings import judge_written_settings
from installer.site.paths import env_path
from installer.system.compose.compose import Compose
from installer.system.compose.env_file import unset_references
from installer.system.compose.environment import settings_in, shell_values
from installer.text import _


@dataclass(frozen=True)
class SettingsFile:
    """Describes the `.env` that counts: `path` is the file, `place` where the release expects its own.

    They differ while an import reads a copy of the old release's file.
    """

    path: Path
    place: Path

    @property
    def example(self) -> Path:
        """Returns the release's example of such a file."""
        return self.place.parent / ENV_EXAMPLE

    def own_first(self, hint: str) -> str:
        """Extends a hint if the file at `place` must be created first: the old release keeps its own."""
        if self.path == self.place:
            return hint
        return _("Run: cp -a {path} {place}; then: {hint}", path=self.path, place=self.place, hint=hint)


def check_settings(around: Surroundings) -> Iterator[Finding]:
    """Compares `.env` with `.env.example`, with what Compose misses, and with the shell."""
    situation = around.situation
    compose, file = situation.compose, file_of(situation)
    settings = settings_in(file.place)
    shell, names = shell_values(settings), {setting.name for setting in settings}
    text = "\n".join((compose.directory / name).read_text(errors="replace") for name in compose.files)
    example = _example(compose)
    inside = {name for _setting, name in unset_references(settings, shell)}
    unset = [name for name in around.situation.model.unset_variables if name in text or name not in inside]
    yield from judge_settings(file, names, example, unset, compose.shadowed_settings())
    yield from judge_written_settings(file.path, settings, shell, text, example)


def needed_settings(situation: Situation) -> list[str]:
    """Returns variables that the release uses, `.env.example` documents with a value, and nothing sets."""
    return _documented(situation.model.unset_variables, _example(situation.compose))


def judge_settings(
    file: SettingsFile,
    names: set[str],
    example: Mapping[str, str],
    unset: Sequence[str],
    shadowed: Sequence[str],
) -> Iterator[Finding]:
    """Judges the settings `names` in the file. Fails for those used, documented with a value and not set."""
    needed = _documented(unset, example)
    problems = [
        *_needed(file, needed),
        *_empty(file, unset, needed),
        *_not_mentioned(file, names, example, unset),
        *_shadowed(file, shadowed),
    ]
    complete = (
        _("Settings in {path} are complete", path=file.path)
        if names
        else _("No settings are needed in {path}", path=file.path)
    )
    yield from problems or [ok(complete)]


def file_of(situation: Situation) -> SettingsFile:
    """Returns the settings file that counts in this import."""
    place, installation = env_path(situation.plan.release), situation.installation
    is_lent = installation is not None and ENV in situation.plan.settings
    return SettingsFile(installation.env_path if installation and is_lent else place, place)


def _example(compose: Compose) -> Mapping[str, str]:
    """Each setting of the release's example with the text that is written there as its value."""
    return {setting.name: setting.value or "" for setting in settings_in(compose.directory / ENV_EXAMPLE)}


def _documented(unset: Sequence[str], example: Mapping[str, str]) -> list[str]:
    return [name for name in unset if example.get(name)]


def _needed(file: SettingsFile, names: Sequence[str]) -> Iterator[Finding]:
    return failed_if_any(
        _("Settings that the release needs are missing in {path}.", path=file.path),
        sorted(names),
        hint=file.own_first(
            _("Add them to {path}; {example} shows the format.", path=file.place, example=file.example)
        ),
    )


def _empty(file: SettingsFile, unset: Sequence[str], needed: Sequence[str]) -> Iterator[Finding]:
    names = sorted(set(unset) - set(needed))
    return warning_if_any(
        _("Variables of the compose file have no value and count as empty."),
        names,
        hint=_("If they should have one, set them in {path}.", path=file.path),
    )


def _not_mentioned(
    file: SettingsFile, names: set[str], example: Mapping[str, str], unset: Sequence[str]
) -> Iterator[Finding]:
    absent = sorted(set(example) - names - set(unset))
    return warning_if_any(
        _(
            "Settings of {example} are not in {path}; their defaults apply.",
            example=file.example,
            path=file.path,
        ),
        absent,
        hint=_("Compare the two: diff {example} {path}", example=file.example, path=file.path),
    )


def _shadowed(file: SettingsFile, names: Sequence[str]) -> Iterator[Finding]:
    return warning_if_any(
        _("Variables in this shell differ from {path}. Airlock uses the file.", path=file.path),
        names,
        hint=_(
            "To run `docker compose` here with the values of the file, first run: unset {names}",
            names=" ".join(names),
        ),
    )
