"""Rows under headings, in columns that stay aligned also under double-width letters."""

from collections.abc import Sequence
from io import StringIO

PAGE_COLUMNS = 110


def table_lines(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """The table as lines of text."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=box.SIMPLE_HEAD)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    page = StringIO()
    Console(file=page, width=PAGE_COLUMNS, color_system=None).print(table)
    return [line.rstrip() for line in page.getvalue().splitlines() if line.strip()]
