"""Writes sections of BENCHMARKS.md, each by its own command, between its own marks."""

from pathlib import Path

HEAD = """\
# Benchmarks

Airlock compared with the same work by hand, always paired in one run on one machine: the ratios are
comparable, the seconds are those of that machine. Each section is written by its command; run it to get your
own figures.
"""


def put_section(path: Path, name: str, text: str) -> None:
    """Replaces the section with this name, or appends it; does not change other sections."""
    begin, end = f"<!-- {name}: written by scripts/bench {name} -->\n", f"<!-- end of {name} -->\n"
    now = path.read_text() if path.exists() else HEAD
    before, mark, rest = now.partition(begin)
    after = rest.partition(end)[2] if mark else ""
    kept = before if mark else f"{before.rstrip()}\n\n"
    path.write_text(f"{kept}{begin}\n{text.strip()}\n\n{end}{after}")
