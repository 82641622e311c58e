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
MAIN = """import sys

if sys.version_info < (3, 10):
    sys.exit("Airlock needs Python 3.10 or newer. / Airlock에는 Python 3.10 이상이 필요합니다.")

from installer.__main__ import main

main()
"""


def zipapp_files(libraries: tuple[Library, ...]) -> dict[str, bytes]:
    """Maps the paths in installer.pyz to their content."""
    own = [("__main__.py", MAIN.encode()), ("certifi/__init__.py", CERTIFI.encode())]
    return dict([*own, *_installer_files(), *_library_files(libraries)])


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
            yield f"installer/{inside}", path.read_bytes()
        elif path.suffix == ".po":
            yield f"installer/{inside.removesuffix('.po')}.mo", _compiled(path)


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
