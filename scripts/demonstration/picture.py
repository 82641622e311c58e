"""Draws a session as a terminal, in an SVG without external fonts or files."""

import io
import re
from collections.abc import Iterator, Sequence

from testbed.problem import TestbedProblem

COLUMNS = 76
BORDER, PLAN, END = "Nothing has changed so far.", "  Replace ", " is in operation."
GAP = ("", "")
SHOWN = (  # the lines in the picture, and their styles
    (re.compile(r"\S+:~\S*\$ "), "bold bright_white"),  # a command
    (re.compile(r"\[ ?\d+/\d+\] "), "white"),  # a step
    (re.compile(r" {8}\S.* \(\d+\.\d s\)$"), "green"),  # its result
    (re.compile(re.escape(BORDER)), "bold yellow"),
    (re.compile(PLAN), "white"),  # the first line of the plan
    (re.compile(rf".*{re.escape(END)}$"), "bold green"),
)
COLOURS = [(40, 44, 52), (224, 108, 117), (126, 198, 120), (229, 192, 123),
           (97, 175, 239), (198, 120, 221), (86, 182, 194), (215, 218, 224)]  # fmt: skip
WHITE = (255, 255, 255)
FRAME = """\
<svg viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  font-size: {char_height}px; line-height: {line_height}px; white-space: pre; }}
.{unique_id}-title {{ font: bold 16px system-ui, "DejaVu Sans", sans-serif; }}
{styles}
</style>
<defs><clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture(title: str, session: str) -> str:
    """Returns the SVG of a session, with the name and the result of each step."""
    from rich.console import Console
    from rich.terminal_theme import TerminalTheme
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=io.StringIO(), legacy_windows=False)
    for line, style in at_a_glance(session.splitlines()):
        words = line.lstrip()
        indent = line.removesuffix(words)  # apart from the words: some viewers drop leading blanks
        console.print(Text.assemble(indent, (words, style)), no_wrap=True, overflow="ellipsis")
    theme = TerminalTheme(COLOURS[0], COLOURS[7], COLOURS, [*COLOURS[:7], WHITE])
    return console.export_svg(title=title, theme=theme, code_format=FRAME, unique_id="session")


def at_a_glance(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yields commands, steps, results, the border and the end, each with its style; shortens the plan.

    Raises `TestbedProblem` if one of these is missing: its text has changed, and `SHOWN` must follow.
    """
    _require(lines)
    for line in lines:
        style = next((style for pattern, style in SHOWN if pattern.match(line)), None)
        if style is not None:
            yield from [GAP] if line.startswith(BORDER) or line.endswith(END) else []
            yield line, style
            yield from [("  …", "white"), GAP] if line.startswith(PLAN) else []
        if line.endswith(END):
            return


def _require(lines: Sequence[str]) -> None:
    text = "\n".join(["", *lines, ""])
    missing = [words for words in (f"\n{BORDER}", f"\n{PLAN}", f"{END}\n") if words not in text]
    if missing:
        raise TestbedProblem(f"The picture cannot be drawn: the session has no line with {missing}.")
