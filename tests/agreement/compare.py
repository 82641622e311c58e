"""Holds the lint's verdict and the rehearsal's count against servers: misses, and alarms for nothing."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from packager.lint.catalogue.levels import Weight
from tests.agreement.place import Ids
from tests.agreement.rehearsed import Count
from tests.agreement.trial import Trial
from tests.agreement.verdict import Verdict

What = Literal["fails", "blocks", "changes", "loses", "counts"]
VALUES: tuple[Weight, ...] = ("changes", "destroys")
ALARMS: tuple[tuple[Weight, ...], ...] = (("may_fail",), ("blocks_writes",), VALUES)


@dataclass(frozen=True)
class Answer:
    """What one server does with a statement, and what the rehearsal counts there if rows make it fail.

    `silent`: the rows that it counts as changed without an error; None where it says no number.
    """

    trial: Trial
    count: Count | None
    silent: Ids | None = None


@dataclass(frozen=True)
class Miss:
    """What a server did and the lint did not tell, or a number of the rehearsal that is not the real one."""

    sql: str
    series: str
    what: What
    did: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Alarm:
    """A code with a weight, and whether any server made it true."""

    sql: str
    code: str
    weights: tuple[Weight, ...]
    is_true: bool


def misses(sql: str, verdict: Verdict, series: str, answer: Answer) -> Iterator[Miss]:
    """Everything that the lint and the rehearsal got wrong on the side that hurts.

    What the lint says itself that it has not judged, it has not called safe.
    """
    for what, did in () if verdict.is_unread else _untold(verdict, answer.trial):
        yield Miss(sql, series, what, did, verdict.codes)
    for did in _miscounted(answer):
        yield Miss(sql, series, "counts", did, verdict.codes)


def alarms(sql: str, verdict: Verdict, answers: Mapping[str, Answer]) -> Iterator[Alarm]:
    """Every code of a statement with every weight it can be right or wrong about; `answers` by series.

    What a statement does that never gets so far is not known.
    """
    for weights in ALARMS:
        if weights != ("may_fail",) and not any(_is_tried(answer.trial) for answer in answers.values()):
            continue
        is_true = any(_is_true(weights, answer.trial) for answer in answers.values())
        for code in verdict.with_weight(*weights):
            yield Alarm(sql, code, weights, is_true)


def _untold(verdict: Verdict, trial: Trial) -> Iterator[tuple[What, str]]:
    if (trial.fails or trial.refused) and not verdict.with_weight("may_fail"):
        yield "fails", f"error {trial.fails or trial.refused}"
    if trial.blocks and not verdict.with_weight("blocks_writes"):
        yield "blocks", "blocks writes"
    if trial.silent and not verdict.with_weight(*VALUES):
        yield "changes", f"changes {len(trial.silent)} rows"
    if trial.lost and not verdict.with_weight("destroys"):
        yield "loses", f"removes {len(trial.lost)} rows"


def _miscounted(answer: Answer) -> Iterator[str]:
    yield from _miscounted_silently(answer)
    count, real = answer.count, answer.trial.offending
    if count is None or real is None:
        return
    if not count.is_counted_right:
        yield "a number is not that of its SELECT"
    if count.rows != real if count.is_whole else not count.rows <= real:
        yield f"rows {sorted(real)}, counted {sorted(count.rows)}"


def _miscounted_silently(answer: Answer) -> Iterator[str]:
    """Rows that make the statement fail may be counted as changed, too: both is true of them."""
    trial = answer.trial
    real = {id_ for table, id_ in trial.silent if table == trial.table}
    if answer.silent is not None and answer.silent - (trial.offending or frozenset()) != real:
        yield f"changes rows {sorted(real)}, counted {sorted(answer.silent)}"


def _is_tried(trial: Trial) -> bool:
    """Whether the statement did its work at least on some of the rows."""
    return not trial.refused and (not trial.fails or trial.offending is not None)


def _is_true(weights: tuple[Weight, ...], trial: Trial) -> bool:
    if weights == ("may_fail",):
        return bool(trial.fails or trial.refused)
    if weights == ("blocks_writes",):
        return trial.blocks
    return bool(trial.silent or trial.lost or trial.is_filled)
