"""Uses UTF-8 internally under every locale: for file names, Airlock's files and the command line.

Under a locale such as ko_KR.EUC-KR, Python and Docker would otherwise see different names for the same file,
and a plan written under one locale could not be read under another. The terminal keeps the locale's encoding.
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
    """Restarts this program in Python's UTF-8 mode if the locale sets another encoding."""
    if sys.getfilesystemencoding() != "utf-8":
        with suppress(OSError, UnicodeError):  # on failure, continue without UTF-8 mode
            program, *words = _command_line()
            os.execv(program, [program, b"-X", b"utf8", *words])


def _command_line() -> list[bytes]:
    """Returns Python and its arguments as raw bytes: `sys.argv` has already lost some.

    The launcher starts Python in UTF-8 mode, so this is never the package's own Python behind its loader.
    """
    program, *words = Path("/proc/self/cmdline").read_bytes().split(b"\0")[:-1]
    return [program if b"/" in program else os.fsencode(sys.executable), *words]


def use_encoding_of_terminal() -> None:
    """Sets the standard streams to the locale's encoding; characters it lacks are written as escapes."""
    codecs.register_error(FALLBACK, _fallback)
    encoding = _locale_encoding()
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, FALLBACK), (sys.stderr, FALLBACK)):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding=encoding, errors=errors)


def _locale_encoding() -> str | None:
    """Returns None if Python's default is right: UTF-8, also for the locale C, which is only ASCII.

    On Windows, it is the encoding of the console or, for a file, of the system.
    """
    if sys.platform == "win32" or not sys.flags.utf8_mode or "PYTHONIOENCODING" in os.environ:
        return None
    try:
        name = codecs.lookup(locale.nl_langinfo(locale.CODESET)).name
    except LookupError:
        return None
    return None if name in ("ascii", "utf-8") else name


def _fallback(problem: UnicodeError) -> tuple[str | bytes, int]:
    """Encodes an undecodable byte of a file name as that byte, any other character as an escape."""
    if not isinstance(problem, UnicodeEncodeError):
        raise problem
    letters = problem.object[problem.start : problem.end]
    return b"".join(map(_written, letters)), problem.end


def _written(letter: str) -> bytes:
    code = ord(letter)
    if FIRST_BYTE <= code <= LAST_BYTE:
        return bytes([code - 0xDC00])
    return letter.encode("ascii", "backslashreplace")
