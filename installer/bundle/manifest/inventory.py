"""Reads and writes the inventory of a site: the layers of its engine, as a short text file to carry out.

A line is a word and its value; the last line is the SHA-256 of all lines before it. Lines that begin with `#`
are for people. Changes made by mail programs and editors (Windows line ends, trailing blanks, a byte order
mark) are ignored; no other change is accepted.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from installer.bundle.layout import shown
from installer.bundle.manifest import value_rules as rules
from installer.errors import UsageProblem
from installer.text import _

INVENTORY_FORMAT = 1
HEADING = "airlock-inventory"
CHECKSUM = "sha256"
EXPLANATION = (
    "# What a site's Docker engine holds: digests of image layers, no names of images, no secrets.",
    "# Outside it makes a small package for this site: airlock export VERSION --for-site THIS-FILE",
)
STORES = ("classic", "containerd")


@dataclass(frozen=True)
class Installed:
    """The running release: the application's name, its version, and the digest of its manifest.json."""

    application: str
    version: str
    manifest_sha256: str


@dataclass(frozen=True)
class Inventory:
    """The layers of a site. `written_at` is UTC, `store` one of `STORES`, `chains` are sorted chain IDs."""

    written_at: str
    platform: str
    engine: str
    store: str
    installed: Installed | None
    chains: tuple[str, ...]


def dump_inventory(inventory: Inventory) -> str:
    """Returns the text of an inventory, ending with a line end."""
    lines = (
        f"{HEADING} {INVENTORY_FORMAT}",
        *EXPLANATION,
        f"written {inventory.written_at}",
        f"platform {inventory.platform}",
        f"engine {inventory.engine}",
        f"store {inventory.store}",
        *_installed_lines(inventory.installed),
        *(f"chain {chain}" for chain in inventory.chains),
    )
    return "".join(f"{line}\n" for line in (*lines, f"{CHECKSUM} {_digest(lines)}"))


def parse_inventory(raw: bytes, name: str) -> Inventory:
    """Reads an inventory. Raises `UsageProblem` if it is invalid, newer, truncated or edited."""
    lines = _lines(raw, name)
    _refuse_newer(lines[0], name)
    if lines[-1] != f"{CHECKSUM} {_digest(lines[:-1])}":
        raise UsageProblem(
            _("{file} is truncated or was edited: its last line does not match the rest.", file=name),
            hint=_again(),
        )
    words = [line.partition(" ") for line in lines[1:-1] if not line.startswith("#")]
    reader = _Reader([(word, value) for word, _blank, value in words])
    inventory = reader.inventory()
    if reader.problems:
        raise UsageProblem(
            _("{file} is not a valid inventory.", file=name), details=reader.problems, hint=_again()
        )
    return inventory


def _installed_lines(installed: Installed | None) -> Iterator[str]:
    if installed is not None:
        yield f"application {installed.application}"
        yield f"version {installed.version}"
        yield f"manifest {installed.manifest_sha256}"


def _digest(lines: Sequence[str]) -> str:
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _lines(raw: bytes, name: str) -> list[str]:
    try:
        lines = [line.rstrip() for line in raw.decode("utf-8-sig").splitlines()]
    except UnicodeDecodeError:
        lines = []
    while lines and not lines[-1]:
        lines.pop()
    if not lines or lines[0].partition(" ")[0] != HEADING:
        raise UsageProblem(_("{file} is not an inventory.", file=name), hint=_again())
    return lines


def _refuse_newer(heading: str, name: str) -> None:
    number = heading.partition(" ")[2]
    if number.isdecimal() and int(number) > INVENTORY_FORMAT:
        raise UsageProblem(
            _(
                "{file} has format {found}; this program reads format {known}.",
                file=name,
                found=number,
                known=INVENTORY_FORMAT,
            ),
            hint=_("Update Airlock on this machine."),
        )


def _again() -> str:
    return _("On the site, run in the release directory: ./airlock inventory > inventory.txt")


class _Reader:
    """Reads words and their values in the required order, and collects problems."""

    def __init__(self, words: list[tuple[str, str]]) -> None:
        self._words = words
        self.problems: list[str] = []

    def inventory(self) -> Inventory:
        """Reads the whole inventory; invalid values are kept, because `problems` is not empty then."""
        found = Inventory(
            written_at=self._take("written", rules.time_problem),
            platform=self._take("platform", rules.platform_problem),
            engine=self._take("engine"),
            store=self._take("store", _store_problem),
            installed=self._installed(),
            chains=self._chains(),
        )
        self.problems += [_("{line}: not expected here", line=shown(" ".join(w))) for w in self._words]
        return found

    def _installed(self) -> Installed | None:
        if self._next() != "application":
            return None
        return Installed(
            application=self._take("application", rules.name_problem),
            version=self._take("version", rules.version_problem),
            manifest_sha256=self._take("manifest", rules.sha256_problem),
        )

    def _chains(self) -> tuple[str, ...]:
        chains = []
        while self._next() == "chain":
            chains.append(self._take("chain", rules.digest_problem))
        return tuple(chains)

    def _next(self) -> str | None:
        return self._words[0][0] if self._words else None

    def _take(self, word: str, rule: Callable[[str], str | None] | None = None) -> str:
        if self._next() != word:
            self.problems.append(_("{place}: missing", place=word))
            return ""
        value = self._words.pop(0)[1]
        problem = rule(value) if rule else None
        if not value.isprintable():
            problem = _("contains unprintable characters")
        if problem:
            self.problems.append(
                _("{place}: {problem}: {value}", place=word, problem=problem, value=shown(value))
            )
        return value


def _store_problem(text: str) -> str | None:
    return None if text in STORES else _("must be one of: {words}", words=", ".join(STORES))
