"""The admin of a dirty site: proxies in the shell, a tight umask, a terminal of 80 columns."""

import re
from dataclasses import dataclass
from pathlib import Path

from rich.cells import cell_len

from testbed.korean_locale import korean_locale
from tests.journeys.site import Ended, Site
from tests.testbed.terminal import COLUMNS, run_in_terminal

NOWHERE = "http://127.0.0.1:9"
PROXIES = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy"), NOWHERE)
CONTROL = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\].*?\x07")


@dataclass(frozen=True)
class Admin:
    """Somebody who types on a site. `language` is a locale, `encoding` the terminal's."""

    site: Site
    language: str
    encoding: str

    def types(self, directory: Path, *words: str, answer: str = "") -> Ended:
        """A command in a directory, on the terminal; `answer` is typed when it asks."""
        server = self.site.server
        environment = {**self.site.environment(), **PROXIES, "TERM": "xterm"}
        environment |= {"LANG": self.language, "LC_ALL": self.language, "LOCPATH": str(korean_locale())}
        line = ("sh", "-c", 'umask 077; exec "$@"', "sh", *words)
        typed = f"{answer}\n".encode(self.encoding) if answer else b""
        code, shown = run_in_terminal(server.command(*line), directory, environment, typed)
        return Ended(code, _plain(shown.decode(self.encoding)))


def korean(site: Site) -> Admin:
    """One whose terminal is as old as the server."""
    return Admin(site, "ko_KR.EUC-KR", "euc-kr")


def english(site: Site) -> Admin:
    """One who has no locale at all."""
    return Admin(site, "C", "utf-8")


def too_wide(told: str) -> list[str]:
    """Lines that the terminal had to break."""
    return [line for line in told.splitlines() if cell_len(line) > COLUMNS]


def _plain(shown: str) -> str:
    """Without colours, and of a line that was written over only what was last there."""
    lines = CONTROL.sub("", shown).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
