"""Defines what a code of findings is: its level, its weights for a site, and its message."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from packager.lint.catalogue.refusal_words import Values

Level = Literal["error", "warning", "notice"]
Weight = Literal["adds", "changes", "may_fail", "blocks_writes", "blocks_reads", "destroys"]
LEVELS: tuple[Level, ...] = ("error", "warning", "notice")
WEIGHTS: tuple[Weight, ...] = ("adds", "changes", "may_fail", "blocks_writes", "blocks_reads", "destroys")


@dataclass(frozen=True)
class Code:
    """A kind of finding. error: data is lost, or it cannot work; warning: it may fail, or has a cost."""

    level: Level
    weights: tuple[Weight, ...]
    words: Callable[[Values], str]


def code(level: Level, words: Callable[[Values], str], *weights: Weight) -> Code:
    """Returns the code with this level, message and weights."""
    return Code(level, weights, words)


def sorted_weights(found: set[Weight]) -> tuple[Weight, ...]:
    """Returns the weights in their order; what blocks reads blocks writes, too, which is not repeated."""
    implied: set[Weight] = {"blocks_writes"} if "blocks_reads" in found else set()
    return tuple(weight for weight in WEIGHTS if weight in found - implied)
