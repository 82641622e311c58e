"""Knows what Git changed in a checkout to suit this machine, so that a package has the files as Git has them.

Git for Windows writes CRLF at line ends if `core.autocrlf` is set, cannot make a file executable, and writes
a symbolic link as a text file. The same release exported on Linux has none of this.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from installer.errors import Refused
from installer.system.operating_system import IS_MACOS, IS_WINDOWS
from packager.git.git_source import git

EXECUTABLE = 0o100
PROGRAM, LINK = "100755", "120000"
SHEBANG = b"#!"
YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0")  # as people write them for Git


@dataclass(frozen=True)
class Checkout:
    """The checkout that contains the project in `directory`. `modes` are Git's, by path; none without Git."""

    directory: Path
    modes: Mapping[str, str]

    def content(self, path: str, raw: bytes) -> bytes:
        """Returns the content of a file of the project as Git has it, from the content on the disk."""
        return raw.replace(b"\r\n", b"\n") if self.is_converted(path) else raw

    def is_converted(self, path: str) -> bool:
        """Returns whether Git has LF at the line ends of this file, and wrote CRLF to the disk."""
        return path in self._converted

    def is_program(self, path: str) -> bool:
        """Returns whether the file is executable: on the disk, or in Git where the disk cannot tell.

        There, a file that Git does not track is executable if it names its interpreter.
        """
        place = self.directory / path
        if self._disk_has_modes:
            return bool(place.stat().st_mode & EXECUTABLE)
        if path in self.modes:
            return self.modes[path] == PROGRAM
        with place.open("rb") as file:
            return file.read(len(SHEBANG)) == SHEBANG

    def is_written_link(self, path: str) -> bool:
        """Returns whether the file is a symbolic link in Git, and on the disk a text file with its target."""
        return self.modes.get(path) == LINK and not (self.directory / path).is_symlink()

    @cached_property
    def _disk_has_modes(self) -> bool:
        return not IS_WINDOWS and self._setting("core.fileMode") not in NO

    @cached_property
    def _converted(self) -> frozenset[str]:
        """Returns the files that Git converted; asks for none where Git converts none."""
        is_automatic = self._setting("core.autocrlf") in YES
        if not (IS_WINDOWS or is_automatic or self._setting("core.eol") == "crlf"):
            return frozenset()
        listed = _listed(self.directory, "--eol")
        return frozenset(path for path, words in listed.items() if _is_converted(words, is_automatic))

    def _setting(self, name: str) -> str | None:
        return _asked(self.directory, "config", name)


def read_checkout(directory: Path) -> Checkout:
    """Returns the checkout that contains the project."""
    return Checkout(directory, {path: words[0] for path, words in _listed(directory, "--stage").items()})


def name_in_git(name: str) -> str:
    """Returns a name on the disk as Git has it: some programs of macOS write letters and accents apart."""
    return unicodedata.normalize("NFC", name) if IS_MACOS else name


def _listed(directory: Path, option: str) -> Mapping[str, list[str]]:
    """Returns the words that `git ls-files` says of each file of the project."""
    output = _asked(directory, "ls-files", option, "-z", "--", ".") or ""
    entries = (entry.split("\t", 1) for entry in output.split("\0") if "\t" in entry)
    return {path: words.split() for words, path in entries}


def _asked(directory: Path, *words: str) -> str | None:
    """Returns the output of Git; None where it refuses to read the checkout, which an export reports."""
    try:
        return git(directory, *words)
    except Refused:
        return None


def _is_converted(words: list[str], is_automatic: bool) -> bool:
    """Reads a line such as `i/lf w/crlf attr/text eol=lf` of `git ls-files --eol`."""
    in_git, on_disk, *attributes = words
    rules = " ".join(attributes).removeprefix("attr/").split()
    is_foreign = in_git == "i/lf" and on_disk in ("w/crlf", "w/mixed")
    return is_foreign and (bool(rules) or is_automatic) and not {"eol=crlf", "-text"} & set(rules)
