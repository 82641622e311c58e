"""What each statement of a migration does to data and to those who work with it, judged by its text alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from installer.bundle.statements import Statement, split_statements
from packager.verdict_rules import CLAUSES, STATEMENTS, UNKNOWN, WEIGHTS, Rule, Weight

PIECE = re.compile(
    r"""(?P<comment>/\*(?![!M]).*?\*/|\#[^\n]*|--(?=\s|$)[^\n]*)
      | '(?:[^'\\]|\\.|'')*' | "(?:[^"\\]|\\.|"")*" | `(?:[^`]|``)*`""",
    re.DOTALL | re.VERBOSE,
)
ALTER = re.compile(
    r"ALTER\s+(?:ONLINE\s+)?(?:IGNORE\s+)?TABLE\s+(?:IF\s+EXISTS\s+)?\S+\s*(.*)", re.I | re.DOTALL
)


@dataclass(frozen=True)
class Judged:
    """A statement with its verdicts (words of the templates); `weights` from light to heavy."""

    statement: Statement
    verdicts: tuple[str, ...]
    weights: tuple[Weight, ...]


def judge_script(script: str) -> tuple[Judged, ...]:
    """Every statement of a script with what it does, in order."""
    return tuple(_judge(statement) for statement in split_statements(script))


def _judge(statement: Statement) -> Judged:
    text = _bare(statement.text)
    altered = ALTER.match(text)
    rules = [_first(CLAUSES, c) for c in _clauses(altered[1])] if altered else [_first(STATEMENTS, text)]
    weights = {weight for rule in rules for weight in rule.weights}
    return Judged(
        statement,
        tuple(dict.fromkeys(rule.verdict for rule in rules)),
        tuple(weight for weight in WEIGHTS if weight in weights),
    )


def _first(rules: Sequence[Rule], text: str) -> Rule:
    return next((rule for rule in rules if rule.pattern.match(text)), UNKNOWN)


def _clauses(text: str) -> list[str]:
    """The parts of an ALTER TABLE, split at the commas that stand in no parentheses."""
    clauses, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            clauses.append("")
        else:
            clauses[-1] += character
    return [clause.strip() for clause in clauses]


def _bare(text: str) -> str:
    """The statement without comments, and with every quoted name or text reduced to one letter."""
    return PIECE.sub(lambda found: " " if found["comment"] else "q", text).strip()
