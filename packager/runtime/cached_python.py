"""Keeps the Python made from an image for later exports, in the folder of `airlock export --cache`.

    <folder>/runtime/<digest of all that it is made from>   the SHA-256 of what follows, and a zip archive

Only a compiled one is kept: whether an image for another processor runs here may change. An entry that is
damaged or cannot be read counts as missing. `LayerCache.forget_unused` deletes old entries.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from installer.system.files.files import write_atomically
from packager.file.package_file import FILE_MODE, PROGRAM_MODE, PackedFile
from packager.runtime.own_python import OwnPython
from packager.runtime.runtime_image import RuntimeImage
from packager.runtime.stored_zip import read_zip, stored_zip

FOLDER = "runtime"
FILES, BYTECODE, ABOUT = "files/", "bytecode/", "about.json"
DIGEST_BYTES = hashlib.sha256().digest_size

Make = Callable[[], AbstractContextManager[OwnPython]]


@contextmanager
def cached_python(
    cache: Path, key: str, make: Make, report: Callable[[OSError], None]
) -> Iterator[OwnPython]:
    """Yields the Python with this key from the folder `cache`, or from `make`, and keeps it there.

    An error of the cache is reported and changes nothing else.
    """
    entry = cache / FOLDER / key
    kept = _kept(entry, report)
    if kept is not None:
        yield kept
        return
    with make() as made:
        if made.bytecode:
            _keep(entry, made, report)
        yield made


def python_key(image: RuntimeImage, installer: Mapping[str, bytes]) -> str:
    """Returns the digest of all that the Python is made from: image, installer, and the code of this room."""
    own = {path.name: path.read_bytes() for path in Path(__file__).parent.glob("*.py")}
    parts = (image.stored.id, image.stored.platform, _digest(installer), _digest(own))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _digest(files: Mapping[str, bytes]) -> str:
    return hashlib.sha256(stored_zip(files)).hexdigest()


def _kept(entry: Path, report: Callable[[OSError], None]) -> OwnPython | None:
    try:
        raw = entry.read_bytes()
        os.utime(entry)
    except FileNotFoundError:
        return None
    except OSError as obstacle:
        report(obstacle)
        return None
    content = raw[DIGEST_BYTES:]
    return _read(content) if hashlib.sha256(content).digest() == raw[:DIGEST_BYTES] else None


def _keep(entry: Path, python: OwnPython, report: Callable[[OSError], None]) -> None:
    content = _written(python)
    try:
        entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(entry, hashlib.sha256(content).digest() + content)
    except OSError as obstacle:
        report(obstacle)


def _written(python: OwnPython) -> bytes:
    programs = sorted(file.path for file in python.files if file.mode == PROGRAM_MODE)
    about = json.dumps({"version": python.version, "programs": programs})
    files = {f"{FILES}{file.path}": b"".join(file.chunks()) for file in python.files}
    bytecode = {f"{BYTECODE}{path}": content for path, content in python.bytecode.items()}
    return stored_zip({ABOUT: about.encode(), **files, **bytecode})


def _read(content: bytes) -> OwnPython:
    entries = read_zip(content)
    about = json.loads(entries[ABOUT])
    modes = dict.fromkeys(about["programs"], PROGRAM_MODE)
    files = tuple(
        PackedFile(path, taken, modes.get(path, FILE_MODE)) for path, taken in _below(FILES, entries).items()
    )
    return OwnPython(about["version"], files, _below(BYTECODE, entries))


def _below(folder: str, entries: Mapping[str, bytes]) -> dict[str, bytes]:
    return {
        path.removeprefix(folder): content for path, content in entries.items() if path.startswith(folder)
    }
