"""Reading the tar archives that engines send: every dialect of Go's writer, any size, cut anywhere."""

import io
import tarfile
from contextlib import suppress

import pytest

from packager.images.engine_tar import saved_files
from packager.layers.saved_file import BrokenArchive

MIB = 1 << 20
ZEROS = bytes(MIB)


def archive(format_: int, *entries: tuple[str, bytes | None]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=format_) as made:
        for name, content in entries:
            entry = tarfile.TarInfo(name)
            entry.mtime = 1.5
            if content is None:
                entry.type = tarfile.DIRTYPE
            else:
                entry.size = len(content)
            made.addfile(entry, io.BytesIO(content or b""))
    return file.getvalue()


def read(raw: bytes) -> list[tuple[str, bytes]]:
    return [(file.name, b"".join(file.chunks())) for file in saved_files(io.BytesIO(raw))]


@pytest.mark.parametrize("format_", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_dialect_is_read(format_: int) -> None:
    entries = [("blobs", None), ("blobs/a", b"x" * 513), (f"{'f' * 90}/layer.tar", b""), ("한글", b"y" * 512)]
    assert read(archive(format_, *entries)) == [(name, one) for name, one in entries if one is not None]
    if format_ != tarfile.USTAR_FORMAT:
        assert read(archive(format_, ("p" * 3000, b"z"))) == [("p" * 3000, b"z")]


def test_what_nobody_reads_is_passed_over() -> None:
    raw = archive(tarfile.PAX_FORMAT, ("a", b"1" * (3 * MIB)), ("b", b"2"), ("c", b"3" * 700))
    assert [file.name for file in saved_files(io.BytesIO(raw))] == ["a", "b", "c"]
    half = [(file.name, next(file.chunks())) for file in saved_files(io.BytesIO(raw))]
    assert [(name, len(chunk)) for name, chunk in half] == [("a", MIB), ("b", 1), ("c", 700)]


@pytest.mark.parametrize("format_", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_a_layer_of_ten_gigabytes_is_read_piece_by_piece(format_: int) -> None:
    entry = tarfile.TarInfo("blobs/large")
    entry.size = 10 * 1000**3
    header = entry.tobuf(format_)

    class Endless:
        """Headers, then as many zeros as are asked for."""

        def __init__(self) -> None:
            self.start = io.BytesIO(header)

        def read(self, size_bytes: int) -> bytes:
            return self.start.read(size_bytes) or ZEROS[:size_bytes]

    file = next(saved_files(Endless()))
    assert file.size_bytes == sum(map(len, file.chunks())) == entry.size


def test_an_archive_that_is_cut_off_is_noticed_wherever_it_is_cut() -> None:
    raw = archive(tarfile.PAX_FORMAT, ("a", b"1" * 600), ("b", b"2")).rstrip(b"\0")
    for length in range(0, len(raw), 37):
        with pytest.raises(BrokenArchive):
            read(raw[:length])


def test_no_damage_is_anything_but_a_broken_archive_or_other_content() -> None:
    entry = tarfile.TarInfo("a")
    entry.size, entry.pax_headers = 5, {"size": "5", "path": "ä"}
    raw = entry.tobuf(tarfile.PAX_FORMAT) + b"abcde".ljust(512, b"\0") + bytes(1024)
    assert read(raw) == [("ä", b"abcde")]
    for place in range(len(raw)):
        for bit in (1, 8, 128):
            bad = bytearray(raw)
            bad[place] ^= bit
            with suppress(BrokenArchive):
                assert read(bytes(bad)) != []


@pytest.mark.parametrize("raw", [b"\x1f\x8b" * 600, b"Error response from daemon" * 100, b"{}" * 512])
def test_what_is_no_archive_is_noticed(raw: bytes) -> None:
    with pytest.raises(BrokenArchive):
        read(raw)


def test_an_engine_that_keeps_the_stream_open_behind_the_archive_is_not_waited_for() -> None:
    stream = io.BytesIO(archive(tarfile.PAX_FORMAT, ("a", b"1")) + bytes(9 * MIB))
    assert len(list(saved_files(stream))) == 1
    assert len(stream.read()) >= 9 * MIB
