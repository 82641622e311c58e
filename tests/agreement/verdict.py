"""What the lint says about one statement on the tables of the suite."""

from dataclasses import dataclass
from functools import cache

from packager.lint.catalogue.codes import CODES
from packager.lint.catalogue.levels import Weight
from packager.lint.history.replay import forget_newness
from packager.lint.history.tables import Schema
from packager.lint.judge import judge_script
from tests.agreement.tables import SCHEMA

NOT_JUDGED = ("AL180", "AL181", "AL190")
OF_NAMES = ("BC101", "BC102", "CD101", "CD102", "CD103")  # they change what is there, but no value


@dataclass(frozen=True)
class Verdict:
    """The codes of a statement; `is_unread` if the lint itself says that it has not judged it."""

    codes: tuple[str, ...]
    is_unread: bool

    def with_weight(self, *weights: Weight) -> tuple[str, ...]:
        """The codes that carry one of these weights; those that only change names do not change values."""
        found = (code for code in self.codes if set(CODES[code].weights) & set(weights))
        return tuple(code for code in found if "changes" not in weights or code not in OF_NAMES)


def verdict_on(sql: str) -> Verdict:
    """The verdict where one migration made the tables, and this statement is the next."""
    judged, _schema = judge_script(sql, _schema_before())
    codes = tuple(dict.fromkeys(finding.code for one in judged for finding in one.findings))
    return Verdict(codes, any(code in NOT_JUDGED for code in codes))


@cache
def _schema_before() -> Schema:
    _judged, schema = judge_script(SCHEMA, Schema())
    return forget_newness(schema)
