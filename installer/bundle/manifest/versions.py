"""Compares version numbers, and checks them against the ranges of `upgrade_from`, by semantic versioning.

Source: https://semver.org/ section 11. Accepted beyond it: a leading `v`, one to four numbers.
"""

import re
from dataclasses import dataclass
from functools import total_ordering

from installer.text import _

_VERSION = re.compile(
    r"v?(\d{1,9}(?:\.\d{1,9}){0,3})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?", re.ASCII
)
_COMPARISON = re.compile(r"(>=|<=|==|!=|>|<|=)?\s*(\S+)")
_NUMBERS = 4


class NotAVersion(ValueError):
    """A text that is not a version or not a range; the message says which."""


@total_ordering
@dataclass(frozen=True)
class Version:
    """A version that can be compared. `2.1` equals `2.1.0`; build metadata is ignored."""

    numbers: tuple[int, ...]
    prerelease: tuple[str, ...] = ()

    def __lt__(self, other: "Version") -> bool:
        return self._order() < other._order()

    def __str__(self) -> str:
        shown = self.numbers if self.numbers[-1] else self.numbers[:-1]
        return ".".join(map(str, shown)) + (f"-{'.'.join(self.prerelease)}" if self.prerelease else "")

    def _order(self) -> tuple[object, ...]:
        parts = tuple((not part.isdigit(), int(part) if part.isdigit() else part) for part in self.prerelease)
        return (self.numbers, not self.prerelease, parts)


@dataclass(frozen=True)
class Comparison:
    """One bound of a range, such as `>=2.0.0`."""

    operator: str
    bound: Version

    def allows(self, version: Version) -> bool:
        """Returns whether `version` is within this bound. `<3` also excludes 3.0.0-rc.1, as users expect."""
        return {
            ">=": version >= self.bound,
            "<=": version <= self.bound,
            ">": version > self.bound,
            "<": version < self.bound and not self._is_prerelease_of_bound(version),
            "=": version == self.bound,
            "!=": version != self.bound,
        }[self.operator]

    def _is_prerelease_of_bound(self, version: Version) -> bool:
        return version.numbers == self.bound.numbers and not self.bound.prerelease


@dataclass(frozen=True)
class Constraint:
    """A range of versions: every comparison must hold."""

    comparisons: tuple[Comparison, ...]

    def allows(self, version: Version) -> bool:
        """Returns whether `version` is in the range."""
        return all(comparison.allows(version) for comparison in self.comparisons)


def read_version(text: str) -> Version | None:
    """Reads `2.1.2`, `v2.1.2`, `2.1.2-rc.1` or `20.10.24+dfsg1`; None for any other text."""
    match = _VERSION.fullmatch(text)
    if match is None:
        return None
    numbers = tuple(int(number) for number in match[1].split("."))
    return Version(
        numbers + (0,) * (_NUMBERS - len(numbers)), tuple((match[2] or "").split(".")) if match[2] else ()
    )


def parse_version(text: str) -> Version:
    """Reads a version like `read_version`. Raises `NotAVersion`."""
    version = read_version(text)
    if version is None:
        raise NotAVersion(_("`{text}` is not a version number like 2.1.2", text=text))
    return version


def parse_constraint(text: str) -> Constraint:
    """Reads a range such as `>=2.0.0,<3`. Raises `NotAVersion`."""
    return Constraint(tuple(_comparison(part.strip()) for part in text.split(",")))


def _comparison(text: str) -> Comparison:
    match = _COMPARISON.fullmatch(text)
    if match is None:
        raise NotAVersion(_("`{text}` is not a range of versions like >=2.0.0,<3", text=text))
    operator = match[1] or "="
    return Comparison("=" if operator == "==" else operator, parse_version(match[2]))
