"""One-statement migrations, the same ones in every run: what people write, over every kind of column."""

from tests.agreement.grammar.new_columns import new_columns
from tests.agreement.grammar.rows import rows
from tests.agreement.grammar.structure import structure
from tests.agreement.grammar.types import types
from tests.agreement.grammar.whole_tables import whole_tables


def statements() -> tuple[str, ...]:
    """All of them, none twice."""
    kinds = (types(), new_columns(), structure(), whole_tables(), rows())
    return tuple(dict.fromkeys(sql for kind in kinds for sql in kind))


def sample() -> tuple[str, ...]:
    """Some of every kind, for the usual run."""
    return statements()[::20]
