"""Provides the locale ko_KR.EUC-KR, compiled into the cache from Debian's package. Installs nothing."""

import os
from pathlib import Path

from testbed.cache import kept, working_folder
from testbed.command import output_of
from testbed.debian import suite
from testbed.tree import unpack


def korean_locale() -> Path:
    """Returns the folder for LOCPATH with the locale `ko_KR.EUC-KR`; creates it the first time."""
    return kept("locale-euc-kr", _make)


def _make(folder: Path) -> None:
    with working_folder() as work:
        unpack(suite("bookworm").download(("locales",), work / "debs"), work / "root")
        folder.mkdir()
        sources = work / "root/usr/share/i18n"
        output_of(
            *("localedef", "--force", "-i", sources / "locales/ko_KR"),
            *("-f", "EUC-KR", folder / "ko_KR.EUC-KR"),
            environment={**os.environ, "I18NPATH": str(sources)},
        )
