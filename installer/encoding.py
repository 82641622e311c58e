"""UTF-8 inside, whatever the locale: file names, our own files, the command line. The terminal has its own.

A locale such as ko_KR.EUC-KR would give the same file other names in Python than in Docker, and a run's plan
that was written under it could not be read under another one.
"""

import codecs
import locale
import os
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path

FALLBACK = "airlock-fallback"
FIRST_BYTE, LAST_BYTE = 0xDC80, 0xDCFF  # PEP 383: a byte of a file name that is not UTF-8


def start_in_utf8() -> None:
    """Start this program again in Python's UTF-8 mode where the locale asks for another encoding."""
    if sys.getfilesystemencoding() != "utf-8":
        with suppress(OSError, UnicodeError):  # then as it is
            program, *words = _command_line()
            os.execv(program, [program, b"-X", b"utf8", *words])


def _command_line() -> list[bytes]:
    """Python and its arguments as they were given; what Python made of them has lost bytes by now."""
    program, *words = Path("/proc/self/cmdline").read_bytes().split(b"\0")[:-1]
    return [program if b"/" in program else os.fsencode(sys.executable), *words]


def use_encoding_of_terminal() -> None:
    """Write and read in the locale's encoding; what it has no letter for is written as an escape."""
    codecs.register_error(FALLBACK, _fallback)
    encoding = _locale_encoding()
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, FALLBACK), (sys.stderr, FALLBACK)):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=errors)


def _locale_encoding() -> str | None:
    """None where Python's own choice is right: UTF-8, also for the locale C, which knows no letters."""
    if not sys.flags.utf8_mode or "PYTHONIOENCODING" in os.environ:
        return None
    try:
        name = codecs.lookup(locale.nl_langinfo(locale.CODESET)).name
    except LookupError:
        return None
    return None if name in ("ascii", "utf-8") else name


def _fallback(problem: UnicodeError) -> tuple[str | bytes, int]:
    """A byte of a file name as itself, any other letter as its escape."""
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    letters = problem.object[problem.start : problem.end]
    return b"".join(map(_written, letters)), problem.end


def _written(letter: str) -> bytes:
    code = ord(letter)
    if FIRST_BYTE <= code <= LAST_BYTE:
        return bytes([code - 0xDC00])
    return letter.encode("ascii", "backslashreplace")
