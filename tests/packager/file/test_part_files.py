"""The files of a package: written at any offset, in one piece or in parts, and put in place together."""

import random
import subprocess
import sys
import zlib
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from installer.errors import AirlockError, Refused
from packager.disk.read_back import Stretch, WrittenFile, read_back
from packager.file.part_files import Parts, beside
from tests.every_step import interrupted_at_every_step

CONTENT = bytes(range(256)) * 4


def stretch(content: bytes) -> Stretch:
    return Stretch(len(content), zlib.crc32(content))


def put(target: Path, content: bytes, part_bytes: int | None) -> tuple[WrittenFile, ...]:
    with beside(target, part_bytes) as parts:
        parts.write(content)
        parts.close()
        written = read_back(parts.paths, stretch(content), lambda size: None)
        parts.put_in_place(written)
    return written


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix != ".sha256"}


def test_one_file_has_its_name_and_its_checksum_beside_it(tmp_path: Path) -> None:
    (written,) = put(tmp_path / "p.tar.gz", CONTENT, None)
    assert (written.name, written.size_bytes) == ("p.tar.gz", 1024)
    assert contents(tmp_path) == {"p.tar.gz": CONTENT}
    check(tmp_path)


@pytest.mark.parametrize(
    ("part_bytes", "sizes"), [(1000, [1000, 24]), (1024, [1024]), (512, [512, 512]), (100, [100] * 10 + [24])]
)
def test_parts_are_numbered_and_make_the_whole(part_bytes: int, sizes: list[int], tmp_path: Path) -> None:
    written = put(tmp_path / "p.tar.gz", CONTENT, part_bytes)
    assert [file.size_bytes for file in written] == sizes
    assert [file.name for file in written] == [f"p.tar.gz.{number:03}" for number in range(1, len(sizes) + 1)]
    joined = b"".join((tmp_path / file.name).read_bytes() for file in written)
    assert joined == CONTENT
    check(tmp_path)


def check(folder: Path) -> None:
    words = ("sha256sum", "--check", "--strict", "--quiet", "p.tar.gz.sha256")
    subprocess.run(words, cwd=folder, check=True)


@settings(deadline=None, max_examples=30)
@given(
    st.integers(1, 40) | st.none(),
    st.lists(st.binary(min_size=1, max_size=50), min_size=1, max_size=6),
    st.randoms(use_true_random=False),
)
def test_pieces_written_in_any_order_make_the_whole(
    tmp_path_factory: pytest.TempPathFactory, part_bytes: int | None, pieces: list[bytes], dice: random.Random
) -> None:
    parts = Parts(tmp_path_factory.mktemp("parts"), Path("p"), part_bytes)
    offsets = list(accumulate(map(len, pieces), initial=0))
    for offset, piece in dice.sample(list(zip(offsets, pieces, strict=False)), len(pieces)):
        parts.seek(offset)
        parts.write(piece)
        assert parts.tell() == offset + len(piece)
    parts.close()
    assert b"".join(path.read_bytes() for path in parts.paths) == b"".join(pieces)


def test_parts_that_no_shell_would_list_in_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="more than 999 parts"):
        put(tmp_path / "p.tar.gz", CONTENT, 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("before", [None, 300, 400])
@pytest.mark.parametrize("after", [None, 300, 400])
def test_an_older_package_of_the_name_is_replaced_whole(
    before: int | None, after: int | None, tmp_path: Path
) -> None:
    others = dict.fromkeys(("p.tar.gz.old", "p.tar.gz.01", "p.tar.zst", "p.tar.gz.001.txt"), b"other")
    for name, content in others.items():
        (tmp_path / name).write_bytes(content)
    put(tmp_path / "p.tar.gz", CONTENT[::-1] * 2, before)
    written = put(tmp_path / "p.tar.gz", CONTENT, after)
    found = contents(tmp_path)
    assert b"".join(found[file.name] for file in written) == CONTENT
    assert found.keys() == {*others, *(file.name for file in written)}
    check(tmp_path)


def test_what_was_not_put_in_place_leaves_nothing_and_touches_nothing(tmp_path: Path) -> None:
    put(tmp_path / "p.tar.gz", CONTENT, 300)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(KeyboardInterrupt), beside(tmp_path / "p.tar.gz", 100) as parts:
        parts.write(CONTENT)
        raise KeyboardInterrupt
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_wherever_an_interruption_comes_while_it_begins_nothing_is_left(tmp_path: Path) -> None:
    def begin() -> None:
        with beside(tmp_path / "p.tar.gz", 100):
            sys.settrace(None)

    left = [sorted(tmp_path.iterdir()) for _step in interrupted_at_every_step(begin)]
    assert (len(left) > 100, [one for one in left if one]) == (True, [])


def test_a_list_of_checksums_never_stands_beside_files_that_it_does_not_describe(tmp_path: Path) -> None:
    put(tmp_path / "p.tar.gz", CONTENT, None)
    (tmp_path / "p.tar.gz.002").mkdir()
    with pytest.raises(Refused, match="cannot be written: Is a directory"):
        put(tmp_path / "p.tar.gz", CONTENT[::-1], 1000)
    found = {path.name for path in tmp_path.iterdir()}
    assert found == {"p.tar.gz", "p.tar.gz.001", "p.tar.gz.002"}


@pytest.mark.parametrize("cuts", [[1024], [1000, 24], [1, 1022, 1], [0, 1024, 0]])
def test_reading_back_knows_all_stretches_across_the_parts(cuts: list[int], tmp_path: Path) -> None:
    expected, rest = Stretch(), CONTENT
    for size in cuts:
        expected += stretch(rest[:size])
        rest = rest[size:]
    put(tmp_path / "p", CONTENT, 100)
    paths = [tmp_path / f"p.{number:03}" for number in range(1, 12)]
    told: list[int] = []
    assert [file.name for file in read_back(paths, expected, told.append)] == [path.name for path in paths]
    assert sum(told) == 1024
    for damage in ({3: b"x" * 100}, {3: b""}, {11: CONTENT[1000:] + b"x"}, {11: CONTENT[1000:-1]}):
        assert is_noticed(paths, expected, damage)


def is_noticed(paths: list[Path], expected: Stretch, damage: dict[int, bytes]) -> bool:
    kept = {number: paths[number - 1].read_bytes() for number in damage}
    for number, content in damage.items():
        paths[number - 1].write_bytes(content)
    try:
        read_back(paths, expected, lambda size: None)
    except AirlockError as problem:
        return "differs from the data written" in str(problem)
    finally:
        for number, content in kept.items():
            paths[number - 1].write_bytes(content)
    return False
