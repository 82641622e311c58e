"""Defines a finding of the lint."""

from dataclasses import asdict, dataclass

from packager.lint.catalogue.codes import CODES
from packager.lint.catalogue.levels import Level, Weight


@dataclass(frozen=True)
class Finding:
    """`name` is a column, index or constraint of `table`; `was` and `now` are values of the message."""

    code: str
    table: str = ""
    name: str = ""
    was: str = ""
    now: str = ""

    @property
    def level(self) -> Level:
        """Returns the severity."""
        return CODES[self.code].level

    @property
    def weights(self) -> tuple[Weight, ...]:
        """Returns what the finding means for a site."""
        return CODES[self.code].weights

    @property
    def subject(self) -> str:
        """Returns what the finding is about, as a suppression names it: `users.nickname`."""
        return ".".join(filter(None, (self.table, self.name)))

    def words(self) -> str:
        """Returns the message of the finding in the current language."""
        return CODES[self.code].words(asdict(self))
