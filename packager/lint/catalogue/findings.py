"""One thing to know about a migration."""

from dataclasses import asdict, dataclass

from packager.lint.catalogue.codes import CODES, Level, Weight


@dataclass(frozen=True)
class Finding:
    """`name` is a column, index or constraint of `table`; `was` and `now` what the code's words need."""

    code: str
    table: str = ""
    name: str = ""
    was: str = ""
    now: str = ""

    @property
    def level(self) -> Level:
        """How bad it is."""
        return CODES[self.code].level

    @property
    def weights(self) -> tuple[Weight, ...]:
        """What it means for those who wait for the end of the migration."""
        return CODES[self.code].weights

    @property
    def subject(self) -> str:
        """What it is about, as a suppression names it: `users.nickname`."""
        return ".".join(filter(None, (self.table, self.name)))

    def words(self) -> str:
        """The finding as a sentence, in the language in use."""
        return CODES[self.code].words(asdict(self))
