"""Writes messages about rows that violate a statement."""

from installer.database.offenders.row_requirement import RowRequirement
from installer.text import ngettext


def offender_words(requirement: RowRequirement, rows: int, groups: int) -> str:
    """Returns one sentence with the exact number; `groups` is how many values several rows share."""
    if requirement.kind == "unique":
        return _shared(requirement, rows, groups)
    if requirement.kind == "incoming":
        return ngettext(
            "{count} row for `{table}` has a value of {columns} that exists already or occurs twice"
            " (`{index}`).",
            "{count} rows for `{table}` have a value of {columns} that exists already or occurs twice"
            " (`{index}`).",
            rows, table=requirement.table, columns=requirement.what, index=requirement.to,
        )  # fmt: skip
    if requirement.kind == "null":
        return ngettext(
            "{count} row of `{table}` has NULL in `{column}`, which no longer allows NULL.",
            "{count} rows of `{table}` have NULL in `{column}`, which no longer allows NULL.",
            rows, table=requirement.table, column=requirement.what,
        )  # fmt: skip
    if requirement.kind == "added":
        return ngettext(
            "{count} row of `{table}` would have NULL in the new column `{column}`, which allows none.",
            "{count} rows of `{table}` would have NULL in the new column `{column}`, which allows none.",
            rows, table=requirement.table, column=requirement.what,
        )  # fmt: skip
    if requirement.kind == "type":
        return ngettext(
            "{count} row of `{table}` has no value in `{column}` that fits into {type}.",
            "{count} rows of `{table}` have no value in `{column}` that fits into {type}.",
            rows, table=requirement.table, column=requirement.what, type=requirement.to,
        )  # fmt: skip
    if requirement.kind == "reference":
        return ngettext(
            "{count} row of `{table}` refers through {columns} to a row that does not exist in `{parent}`.",
            "{count} rows of `{table}` refer through {columns} to rows that do not exist in `{parent}`.",
            rows, table=requirement.table, columns=requirement.what, parent=requirement.to,
        )  # fmt: skip
    return ngettext(
        "{count} row of `{table}` violates the CHECK `{name}`: {clause}",
        "{count} rows of `{table}` violate the CHECK `{name}`: {clause}",
        rows, table=requirement.table, name=requirement.what, clause=requirement.to,
    )  # fmt: skip


def _shared(requirement: RowRequirement, rows: int, groups: int) -> str:
    """Returns the sentence for a unique key; `rows` is at least 2, as two rows share a value."""
    return ngettext(
        "{rows} rows of `{table}` share {count} value of {columns}, which must be unique (`{index}`).",
        "{rows} rows of `{table}` share {count} values of {columns}, which must be unique (`{index}`).",
        groups, rows=rows, table=requirement.table, columns=requirement.what, index=requirement.to,
    )  # fmt: skip
