"""Writes messages about rows that violate a statement."""

from installer.mariadb.offenders.demand import Demand
from installer.text import ngettext


def offender_words(demand: Demand, rows: int, groups: int) -> str:
    """Returns one sentence with the exact number; `groups` is how many values several rows share."""
    if demand.kind == "unique":
        return _shared(demand, rows, groups)
    if demand.kind == "incoming":
        return ngettext(
            "{count} row for `{table}` has a value of {columns} that exists already or occurs twice"
            " (`{index}`).",
            "{count} rows for `{table}` have a value of {columns} that exists already or occurs twice"
            " (`{index}`).",
            rows, table=demand.table, columns=demand.what, index=demand.to,
        )  # fmt: skip
    if demand.kind == "null":
        return ngettext(
            "{count} row of `{table}` has NULL in `{column}`, which no longer allows NULL.",
            "{count} rows of `{table}` have NULL in `{column}`, which no longer allows NULL.",
            rows, table=demand.table, column=demand.what,
        )  # fmt: skip
    if demand.kind == "type":
        return ngettext(
            "{count} row of `{table}` has no value in `{column}` that fits into {type}.",
            "{count} rows of `{table}` have no value in `{column}` that fits into {type}.",
            rows, table=demand.table, column=demand.what, type=demand.to,
        )  # fmt: skip
    if demand.kind == "reference":
        return ngettext(
            "{count} row of `{table}` refers through {columns} to a row that does not exist in `{parent}`.",
            "{count} rows of `{table}` refer through {columns} to rows that do not exist in `{parent}`.",
            rows, table=demand.table, columns=demand.what, parent=demand.to,
        )  # fmt: skip
    return ngettext(
        "{count} row of `{table}` violates the CHECK `{name}`: {clause}",
        "{count} rows of `{table}` violate the CHECK `{name}`: {clause}",
        rows, table=demand.table, name=demand.what, clause=demand.to,
    )  # fmt: skip


def _shared(demand: Demand, rows: int, groups: int) -> str:
    """Returns the sentence for a unique key; `rows` is at least 2, as two rows share a value."""
    return ngettext(
        "{rows} rows of `{table}` share {count} value of {columns}, which must be unique (`{index}`).",
        "{rows} rows of `{table}` share {count} values of {columns}, which must be unique (`{index}`).",
        groups, rows=rows, table=demand.table, columns=demand.what, index=demand.to,
    )  # fmt: skip
