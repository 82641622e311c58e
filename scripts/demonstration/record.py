"""Takes the upgrades of a demo into the README, so that the session shown there is a real one."""

import re
from pathlib import Path

from demonstration.acts import FAILING, REFUSING, UPGRADING
from demonstration.screen import Screen

SESSION = re.compile(r"(<!-- session:[^\n]*-->\n).*?(<!-- end of session -->)", re.DOTALL)


def record(screen: Screen, readme: Path, *, home: str) -> None:
    """Replace what stands between the marks; `home` (a temporary folder) becomes `~`."""
    shown = screen.chapters(
        UPGRADING.format(version="2.1.2"), REFUSING.format(version="2.1.3"), FAILING.format(version="2.1.3")
    )
    lines = [line.rstrip() for line in shown.replace(home, "~").splitlines() if not line.startswith("== ")]
    session = "```\n" + re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n```\n"
    text = readme.read_text()
    readme.write_text(SESSION.sub(lambda marks: marks[1] + session + marks[2], text))
