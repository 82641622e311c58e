"""Makes installer.pyz: the installer and its pure-Python libraries in one file that Python runs directly."""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import installer
from packager.contents.runtime_libraries import Library
from packager.runtime.stored_zip import stored_zip

LOCALE = "locale"
NO_BYTECODE: Mapping[str, bytes] = {}
START = b"#!/usr/bin/env python3\n"
CERTIFI = '''"""Stands in for certifi, whose file would be written to /tmp at each start."""

import ssl


def where():
    """Returns this machine's certificate authorities: an engine is reached by its socket or with its own."""
    return ssl.get_default_verify_paths().cafile or ""
'''
DATEUTIL = '''"""Stands in for dateutil, which pg8000 imports for dates: Airlock takes them as text."""


class ParserError(ValueError):
    """Reports a date that cannot be parsed."""


def parse(text):
    """Refuses every date."""
    raise ParserError(text)
'''
NAMED = ("pg8000", "scramp")  # they read their own version at every start
MAIN = """import sys

if sys.version_info < (3, 10):
    sys.exit("Airlock needs Python 3.10 or newer. / Airlock에는 Python 3.10 이상이 필요합니다.")

from installer.__main__ import main

main()
"""
OWN = {
    "__main__.py": MAIN,
    "certifi/__init__.py": CERTIFI,
    "dateutil/__init__.py": "",
    "dateutil/parser.py": DATEUTIL,
}


def zipapp_files(libraries: tuple[Library, ...]) -> dict[str, bytes]:
    """Maps the paths in installer.pyz to their content."""
    encoded = {path: text.encode() for path, text in OWN.items()}
    return {**encoded, **dict(_installer_files()), **dict(_library_files(libraries))}


def make_zipapp(libraries: tuple[Library, ...], bytecode: Mapping[str, bytes] = NO_BYTECODE) -> bytes:
    """Returns the bytes of installer.pyz: always the same for the same installer and libraries.

    `bytecode` is for one release of Python, which takes `a.pyc` and not `a.py`; any other does the opposite.
    """
    return stored_zip({**zipapp_files(libraries), **bytecode}, START)


def _installer_files() -> Iterator[tuple[str, bytes]]:
    root = Path(installer.__path__[0])
    for path in root.rglob("*"):
        inside = path.relative_to(root).as_posix()
        if path.suffix == ".py":
            yield f"installer/{inside}", own_source(path)
        elif path.suffix == ".po":
            yield f"installer/{inside.removesuffix('.po')}.mo", _compiled(path)


def own_source(path: Path) -> bytes:
    """Returns the content of a file of Airlock with the same line ends in every checkout of Airlock."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _compiled(catalogue: Path) -> bytes:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with catalogue.open("rb") as source:
        write_mo(compiled, read_po(source, locale=catalogue.stem))
    return compiled.getvalue()


def _library_files(libraries: tuple[Library, ...]) -> Iterator[tuple[str, bytes]]:
    for library in libraries:
        for file in library.files:
            yield file.path, file.source.read_bytes()
        if library.name in NAMED:
            words = f"Metadata-Version: 2.1\nName: {library.name}\nVersion: {library.version}\n"
            yield f"{library.name}-{library.version}.dist-info/METADATA", words.encode()
