"""Writes messages about values that change without an error."""

from installer.bundle.layout import shown
from installer.mariadb.losses.plan_losses import ColumnLoss
from installer.text import _, ngettext


def column_words(loss: ColumnLoss, rows: int | None) -> str:
    """Returns one sentence with the exact number of rows, or that the number is not known."""
    words = {
        "table": shown(loss.table),
        "column": shown(loss.column),
        "was": shown(loss.was),
        "now": shown(loss.now),
    }
    if rows is None:
        return _(
            "The number of rows of `{table}` that change their value in `{column}` without an error"
            " is not known: {was} → {now}.", **words,
        )  # fmt: skip
    return ngettext(
        "{count} row of `{table}` changes its value in `{column}` without an error: {was} → {now}.",
        "{count} rows of `{table}` change their value in `{column}` without an error: {was} → {now}.",
        rows, **words,
    )  # fmt: skip
