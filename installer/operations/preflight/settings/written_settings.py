"""Checks `.env` for likely slips: a `$` in a password, a misspelled name."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, warning_if_any
from installer.site.files.port_settings import VARIABLE
from installer.system.compose.env_file import Setting, unset_references
from installer.text import _

LIKENESS = 0.8
OF_COMPOSE = ("COMPOSE_", "DOCKER_")


def judge_written_settings(
    path: Path,
    settings: Sequence[Setting],
    shell: Mapping[str, str],
    compose_text: str,
    example: Collection[str],
) -> Iterator[Finding]:
    """Judges the file `path` of the settings; variables of the shell count if the file lacks them."""
    yield from _dollars(path, [(setting, name) for setting, name in unset_references(tuple(settings), shell)])
    written = {setting.name for setting in settings}
    yield from _slips(path, sorted(likely_slips(written, {*VARIABLE.findall(compose_text), *example})))


def likely_slips(written: Collection[str], known: Collection[str]) -> Iterator[tuple[str, str]]:
    """Returns names that nothing uses, each with a similar name that is used and not set."""
    wanted = sorted(set(known) - set(written))
    for name in set(written) - set(known):
        near = get_close_matches(name, wanted, n=1, cutoff=LIKENESS)
        if near and not name.startswith(OF_COMPOSE):
            yield name, near[0]


def _dollars(path: Path, found: Sequence[tuple[Setting, str]]) -> Iterator[Finding]:
    """Warns of a `$`; does not show the text after it, which is probably part of a password."""
    lines = {setting.line: setting.name for setting, _name in found}
    return warning_if_any(
        _("Values in {path} contain a `$` followed by a name that is not set.", path=path),
        [
            _(
                "{path}, line {line}: {name}; Compose replaces it with an empty value",
                path=path,
                line=line,
                name=name,
            )
            for line, name in sorted(lines.items())
        ],
        hint=_("If the `$` belongs to the value, use single quotes, or write `$$`."),
    )


def _slips(path: Path, names: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    return warning_if_any(
        _("Settings in {path} are not used by the release; their names may be misspelled.", path=path),
        [_("{name}: did you mean {known}?", name=name, known=known) for name, known in names],
        hint=_("Correct the name, or delete the line."),
    )
