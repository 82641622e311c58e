"""Implements `scripts/bench runtime`: measures the size and speed of the Python in a package."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import datetime, timezone
from pathlib import Path

from benchmark.document import put_section
from benchmark.figures import Spread
from benchmark.machine import this_machine
from benchmark.markdown import paragraph, spread, table, yes
from testbed.command import output_of
from testbed.images.python import PYTHON_OF_PACKAGES

REPORT = Path("BENCHMARKS.md")
RUNS = 15
COMPOSE = "services:\n  web:\n    image: busybox:1\n    command: [sleep, '9']\n"
STEM = "small_1.0.0_package"
MOST_BYTES, MOST_OF_TIME, MOST_OF_VERIFY = 8_000_000, 0.6, 1.0
OWN, NONE = PYTHON_OF_PACKAGES.reference, "none"
COMMANDS = (("--help", MOST_OF_TIME), ("verify", MOST_OF_VERIFY))


def main() -> None:
    """Measures, prints, and writes the section of the report."""
    parser = argparse.ArgumentParser(prog="scripts/bench runtime", description=__doc__)
    parser.add_argument("--output", type=Path, default=REPORT, help="the report (default: BENCHMARKS.md)")
    output = parser.parse_args().output
    machine = this_machine(Path(), datetime.now(timezone.utc))
    with tempfile.TemporaryDirectory(prefix="airlock-bench-") as folder:
        exports = {runtime: exported(Path(folder), runtime) for runtime in (NONE, OWN)}
        first, again = (exported(Path(folder), OWN, Path(folder) / "cache")[1] for _export in range(2))
        rows = [row_of(command, most, Path(folder)) for command, most in COMMANDS]
    headings = ["Measure", "package with Python", "package without", "difference", "target", "reached"]
    figures = table(headings, [size_row(exports[OWN][0], exports[NONE][0]), *rows])
    here = f"{machine.cores} cores ({machine.processor}), load {machine.load:.1f}"
    about = paragraph(
        f"`scripts/bench runtime`, {machine.now:%Y-%m-%d %H:%M} UTC, {here}.",
        f"Seconds are medians (min–max) of {RUNS} runs in turn.",
        f"The package without a Python is run by Python {sys.version.split()[0]} of this machine.",
        f"The export took {exports[OWN][1]:.1f} s with Python from `{OWN}`,",
        f"and {exports[NONE][1]:.1f} s without; with `--cache`, {first:.1f} s and then {again:.1f} s.",
        "Both packages are compressed with gzip.",
    )
    put_section(output, "runtime", f"## The Python of a package\n\n{figures}\n\n{about}")
    print(figures)


def exported(folder: Path, runtime: str, cache: Path | None = None) -> tuple[int, float]:
    """Exports and unpacks a small project; returns the size of the package and the seconds of the export."""
    project = folder / ("with" if runtime == OWN else "without") / "small"
    project.mkdir(parents=True, exist_ok=True)
    (project / "docker-compose.yml").write_text(COMPOSE)
    begun = time.monotonic()
    kept = ("--cache", cache) if cache else ()
    words = ("-m", "packager", "export", "1.0.0", "--runtime", runtime, *kept)
    output_of(sys.executable, *words, "--project", project, "--output", project)
    seconds = time.monotonic() - begun
    package = project / f"{STEM}.tar.gz"
    output_of("tar", "-xzf", package, "-C", project)
    return package.stat().st_size, seconds


def size_row(own: int, none: int) -> list[str]:
    """Returns the row of the sizes of both packages, in bytes."""
    sizes = [f"{size / 10**6:.2f} MB" for size in (own, none, own - none)]
    return ["size", *sizes, f"≤ {MOST_BYTES / 10**6:.0f} MB", yes(own - none <= MOST_BYTES)]


def row_of(command: str, most: float, folder: Path) -> list[str]:
    """Returns the row of a command that both packages run in turn."""
    own, host = [], []
    for _run in range(RUNS):
        own.append(seconds_of(folder / "with/small" / STEM, command, {"AIRLOCK_PYTHON": "own"}))
        host.append(seconds_of(folder / "without/small" / STEM, command, {}))
    ratio = Spread.of([one / other for one, other in zip(own, host, strict=True)])
    times = (spread(Spread.of(figures), 2) + " s" for figures in (own, host))
    return [f"`./airlock {command}`", *times, spread(ratio, 2), f"≤ {most}", yes(ratio.median <= most)]


def seconds_of(release: Path, command: str, variables: Mapping[str, str]) -> float:
    """Runs a command of a release directory; returns its wall time."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    words = (release / "airlock", command)
    begun = time.monotonic()
    subprocess.run(words, cwd=release, env={**known, **variables}, check=True, capture_output=True)
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
