"""The Python of a package, kept between exports: made once, the same to the byte, never simply believed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.layout import RUNTIME_PYTHON
from installer.system.docker.docker import StoredImage
from packager.file.package_file import FILE_MODE, PROGRAM_MODE, PackedFile
from packager.layers.layer_cache import UNUSED_SECONDS, LayerCache, expect_cache
from packager.runtime.cached_python import cached_python, python_key
from packager.runtime.own_python import OwnPython
from packager.runtime.runtime_image import RuntimeImage

KEY = "5" * 64
LIBRARY, LICENCE = "runtime/lib/python311.zip", "runtime/licences/python"
CONTENTS = {RUNTIME_PYTHON: b"\x7fELF", LIBRARY: b"PK", LICENCE: b"free\n"}
BYTECODE = {"installer/a.pyc": b"code", "installer/b.pyc": b""}
IMAGE = RuntimeImage("python:3.11", StoredImage("sha256:1", (), (), "linux/amd64", 1), runs_here=True)


class Maker:
    """Makes a Python, one file of it from the disk, and counts how often."""

    def __init__(self, folder: Path, bytecode: dict[str, bytes]) -> None:
        self._folder, self._bytecode = folder, bytecode
        self.made = 0

    @contextmanager
    def __call__(self) -> Iterator[OwnPython]:
        self.made += 1
        on_disk = self._folder / "0"
        on_disk.write_bytes(CONTENTS[RUNTIME_PYTHON])
        files = (
            PackedFile(RUNTIME_PYTHON, on_disk, PROGRAM_MODE),
            *(PackedFile(path, CONTENTS[path], FILE_MODE) for path in (LIBRARY, LICENCE)),
        )
        yield OwnPython("3.11.2", files, self._bytecode)
        on_disk.unlink()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    folder = tmp_path / "cache"
    expect_cache(folder)
    return folder


@pytest.fixture
def maker(tmp_path: Path) -> Maker:
    return Maker(tmp_path, BYTECODE)


def taken(cache: Path, maker: Maker, key: str = KEY) -> tuple[str, dict[str, tuple[bytes, int]], object]:
    """What an export gets: the version, each file's content and mode, and the bytecode."""
    problems: list[OSError] = []
    with cached_python(cache, key, maker, problems.append) as python:
        files = {file.path: (b"".join(file.chunks()), file.mode) for file in python.files}
    assert problems == []
    return python.version, files, dict(python.bytecode)


FOUND = (
    "3.11.2",
    {
        RUNTIME_PYTHON: (CONTENTS[RUNTIME_PYTHON], PROGRAM_MODE),
        LIBRARY: (CONTENTS[LIBRARY], FILE_MODE),
        LICENCE: (CONTENTS[LICENCE], FILE_MODE),
    },
    BYTECODE,
)


def test_it_is_made_once_and_the_same_afterwards(cache: Path, maker: Maker) -> None:
    assert [taken(cache, maker) for _export in range(3)] == [FOUND] * 3
    assert maker.made == 1


def test_another_key_has_another_entry(cache: Path, maker: Maker) -> None:
    taken(cache, maker)
    assert taken(cache, maker, "6" * 64) == FOUND
    assert maker.made == 2
    assert sorted(path.name for path in (cache / "runtime").iterdir()) == [KEY, "6" * 64]


@pytest.mark.parametrize("place", [0, 31, 32, 40, -1])
def test_a_flipped_bit_makes_it_again(cache: Path, maker: Maker, place: int) -> None:
    taken(cache, maker)
    entry = cache / "runtime" / KEY
    whole = entry.read_bytes()
    raw = bytearray(whole)
    raw[place] ^= 1
    entry.write_bytes(raw)
    assert taken(cache, maker) == FOUND
    assert (maker.made, entry.read_bytes()) == (2, whole)


@pytest.mark.parametrize("left", [0, 20, 32, 100])
def test_a_truncated_entry_makes_it_again(cache: Path, maker: Maker, left: int) -> None:
    taken(cache, maker)
    entry = cache / "runtime" / KEY
    entry.write_bytes(entry.read_bytes()[:left])
    assert (taken(cache, maker), maker.made) == (FOUND, 2)


def test_one_that_could_not_be_compiled_is_not_kept(cache: Path, tmp_path: Path) -> None:
    sources = Maker(tmp_path, {})
    for _export in range(2):
        taken(cache, sources)
    assert sources.made == 2


def test_a_cache_that_cannot_be_written_or_read_is_reported_and_does_no_harm(
    cache: Path, maker: Maker
) -> None:
    (cache / "runtime" / KEY).mkdir(parents=True)
    problems: list[OSError] = []
    with cached_python(cache, KEY, maker, problems.append) as python:
        assert (python.version, python.bytecode) == ("3.11.2", BYTECODE)
    assert [type(problem) for problem in problems] == [IsADirectoryError] * 2
    assert [path.name for path in (cache / "runtime").iterdir()] == [KEY]


def test_what_no_export_uses_for_long_is_removed_and_so_is_what_a_killed_one_left(
    cache: Path, maker: Maker
) -> None:
    taken(cache, maker)
    entry = cache / "runtime" / KEY
    left = entry.with_name(f".{KEY}.0123456789abcdef")
    left.touch()
    now = entry.stat().st_mtime
    LayerCache(cache, "gzip").forget_unused(now + 3600)
    assert sorted((cache / "runtime").iterdir()) == [left, entry]
    for path in (entry, left):
        os.utime(path, (now - UNUSED_SECONDS - 60,) * 2)
    taken(cache, maker)
    LayerCache(cache, "gzip").forget_unused(now)
    assert list((cache / "runtime").iterdir()) == [entry]
    os.utime(entry, (now - UNUSED_SECONDS - 60,) * 2)
    LayerCache(cache, "gzip").forget_unused(now)
    assert list((cache / "runtime").iterdir()) == []


def test_the_key_names_all_that_it_is_made_from() -> None:
    installer = {"__main__.py": b"import json\n"}
    key = python_key(IMAGE, installer)
    others = (
        python_key(replace(IMAGE, stored=replace(IMAGE.stored, id="sha256:2")), installer),
        python_key(replace(IMAGE, stored=replace(IMAGE.stored, platform="linux/arm64")), installer),
        python_key(IMAGE, {"__main__.py": b"import jsom\n"}),
        python_key(IMAGE, {"__main_.py": b"import json\n"}),
    )
    assert len({key, *others}) == 5
    assert python_key(replace(IMAGE, reference="other:1"), dict(installer)) == key
