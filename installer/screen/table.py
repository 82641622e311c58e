"""Lays out rows under headings, in columns that stay aligned also with double-width characters."""

from collections.abc import Sequence
from io import StringIO

from installer.screen.page import PLAIN_COLUMNS, Level

STYLES = {"ok": "green", "warning": "yellow", "failed": "red"}


def table_lines(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    columns: int = PLAIN_COLUMNS,
    levels: Sequence[Level] = (),
) -> list[str]:
    """Returns the table as lines of at most `columns` columns; the first cells have the colours of `levels`.

    Nothing is cut: a word wider than its column, such as a path, continues in the next line.
    """
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD)
    for number, heading in enumerate(headings):
        table.add_column(heading, overflow="fold", no_wrap=bool(levels) and number == 0)
    for number, row in enumerate(rows):
        style = STYLES[levels[number]] if levels else ""
        first, *others = row
        table.add_row(Text(first, style=style), *(Text(cell) for cell in others))
    page = StringIO()
    screen = Console(
        file=page,
        width=columns,
        color_system="standard" if levels else None,
        force_terminal=bool(levels),
        no_color=False,
    )
    screen.print(table)
    return [line.rstrip() for line in page.getvalue().splitlines() if line.strip()]
