"""Lays out help by terminal columns. A Korean letter takes two, which click ignores."""

from collections.abc import Iterable

import click


class HelpPage(click.HelpFormatter):
    """A help page in the making."""

    def write_text(self, text: str) -> None:
        """Writes paragraphs, which are separated by blank lines."""
        columns = self.width - self.current_indent
        paragraphs = [self._indented(_lines(one, columns)) for one in text.split("\n\n")]
        self.write("\n".join(paragraphs))

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2) -> None:
        """Writes terms and their meanings; a term wider than `col_max` columns gets its own line."""
        rows = list(rows)
        column = min(max((_columns(word) for word, _meaning in rows), default=0), col_max) + col_spacing
        for word, meaning in rows:
            lines = [f"{' ' * column}{line}" for line in _lines(meaning, self.width - column - 2)]
            if _columns(word) + col_spacing <= column:
                lines[0] = f"{word}{lines[0][_columns(word) :]}"
            else:
                lines = [word, *lines]
            self.write(self._indented(lines))

    def _indented(self, lines: Iterable[str]) -> str:
        return "".join(f"{' ' * self.current_indent}{line}".rstrip() + "\n" for line in lines)


def _lines(paragraph: str, columns: int) -> list[str]:
    from rich.console import Console
    from rich.text import Text

    text = Text(" ".join(paragraph.split()))
    return [line.plain.rstrip() for line in text.wrap(Console(width=columns), columns)]


def _columns(text: str) -> int:
    from rich.cells import cell_len

    return cell_len(text)
