"""Formats Markdown and figures: tables, paragraphs, sizes. Has no side effects."""

import textwrap
from collections.abc import Sequence

from benchmark.figures import Spread

LINE = 118


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Returns a table; escapes bars in cells."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def paragraph(*parts: str) -> str:
    """Returns the parts as one wrapped paragraph."""
    return textwrap.fill(" ".join(parts), LINE, break_long_words=False, break_on_hyphens=False)


def spread(figures: Spread, digits: int) -> str:
    """Returns the median, and the extremes if they differ: `1.2 (1.1–1.4)`."""
    middle = f"{figures.median:.{digits}f}"
    if figures.low == figures.high:
        return middle
    return f"{middle} ({figures.low:.{digits}f}–{figures.high:.{digits}f})"


def mib(size_bytes: int) -> str:
    """Returns a size such as `85 MiB` or `1.9 GiB`."""
    return f"{size_bytes / 2**30:.1f} GiB" if size_bytes >= 2**30 else f"{size_bytes / 2**20:.0f} MiB"


def megabytes(size_bytes: int | None) -> str:
    """Returns a size such as `85 MB`; empty for None."""
    return "" if size_bytes is None else f"{size_bytes / 10**6:.0f} MB"


def yes(true: bool) -> str:
    """Returns yes, or no in bold."""
    return "yes" if true else "**no**"
