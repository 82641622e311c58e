import gzip
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.archive.gzip_stream import Damaged, GzipStream
from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry, entry_header
from installer.bundle.archive.tar_stream import TarStream
from tests.bundle.manifests import paths


@given(st.lists(st.tuples(paths, st.binary(max_size=1500)), max_size=4))
def test_entries_read_as_they_were_written(entries: list[tuple[str, bytes]]) -> None:
    raw = b"".join(entry(path, content) for path, content in entries)
    assert _read(raw + END_OF_ARCHIVE) == entries


def test_the_padding_of_other_programs_behind_the_end_is_accepted() -> None:
    assert _read(entry("a", b"x") + END_OF_ARCHIVE + bytes(9 * 512)) == [("a", b"x")]


def test_content_that_nobody_reads_is_skipped() -> None:
    stream = _stream(entry("a", b"x" * 3_000_000) + entry("b", b"y") + END_OF_ARCHIVE)
    assert [stream.next_entry().path for _time in range(2)] == ["a", "b"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "it ends too early"),
        (entry("a", b"x"), "it ends too early"),
        (entry("a", b"x") + bytes(512), "it ends too early"),
        (entry("a", b"x" * 600)[:-512], "it ends too early"),
        (entry("a", b"x") + bytes(512) + entry("b", b""), "there are stray bytes after its end"),
        (entry("a", b"x") + END_OF_ARCHIVE + b"x", "there are stray bytes after its end"),
        (
            entry_header("a", 1) + b"x" + bytes(510) + b"y" + END_OF_ARCHIVE,
            "there are stray bytes between its entries",
        ),
        (b"a" + entry("b", b"")[1:], "a header of an entry is broken"),
    ],
)
def test_what_is_not_whole_tar_is_damaged(raw: bytes, reason: str) -> None:
    with pytest.raises(Damaged, match=reason):
        _read(raw)


@pytest.mark.parametrize(
    "records",
    [
        b"9 path=a\n" * 2,
        b"99 path=a\n",
        b"0 path=a\n",
        b"path=a\n",
        b"8 path=a",
        b"10 mtime=1\n",
        b"11 size=-1 \n",
        b"13 size=1e10\n",
        b"12 linkpath=x\n",
    ],
)
def test_an_extended_header_that_is_not_ours_is_damaged(records: bytes) -> None:
    with pytest.raises(Damaged, match="an extended header"):
        _read(_extended(records) + entry("b", b"") + END_OF_ARCHIVE)


def test_an_extended_header_without_end_is_damaged() -> None:
    with pytest.raises(Damaged, match="it has an extended header of 1073741824 bytes"):
        _read(_typed(tarfile.XHDTYPE, 1 << 30))
    with pytest.raises(Damaged, match="an extended header follows another"):
        _read(_extended(b"9 path=a\n") * 2)


def test_another_dialect_of_tar_is_refused() -> None:
    raw = tarfile.TarInfo("a").tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(Damaged, match="a header of an entry is not POSIX ustar"):
        _read(raw + END_OF_ARCHIVE)


def _extended(records: bytes) -> bytes:
    return _typed(tarfile.XHDTYPE, len(records)) + records + bytes(-len(records) % 512)


def _typed(type_flag: bytes, size_bytes: int) -> bytes:
    header = tarfile.TarInfo("x")
    header.type, header.size = type_flag, size_bytes
    return header.tobuf(tarfile.USTAR_FORMAT)


def _read(raw: bytes) -> list[tuple[str, bytes]]:
    stream, found = _stream(raw), []
    while one := stream.next_entry():
        found.append((one.path, b"".join(stream.content())))
    return found


def _stream(raw: bytes) -> TarStream:
    return TarStream(GzipStream(io.BytesIO(gzip.compress(raw, 1))))
