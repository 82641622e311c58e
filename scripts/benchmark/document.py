"""BENCHMARKS.md: each part is written by its own command, between its own marks."""

from pathlib import Path

HEAD = """\
# Benchmarks

Airlock beside the same work by hand, always paired in one run on one machine: the ratios count, the seconds
are of that machine alone. Each part is written by its command; run it to see the figures of yours.
"""


def put_section(path: Path, name: str, text: str) -> None:
    """Replace the section of that name, or append it; every other section stays as it is."""
    begin, end = f"<!-- {name}: written by scripts/bench {name} -->\n", f"<!-- end of {name} -->\n"
    now = path.read_text() if path.exists() else HEAD
    before, mark, rest = now.partition(begin)
    after = rest.partition(end)[2] if mark else ""
    kept = before if mark else f"{before.rstrip()}\n\n"
    path.write_text(f"{kept}{begin}\n{text.strip()}\n\n{end}{after}")
