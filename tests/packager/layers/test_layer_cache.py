"""The cache of packed layers: the same bytes with and without it, and nothing in it is simply believed."""

import errno
import io
import os
import random
import resource
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Layer
from installer.errors import Refused, UsageProblem
from packager.compression.gzip_codec import GzipCodec
from packager.compression.packer import Packer
from packager.images.ask_engine import asking
from packager.images.images_tar import write_images
from packager.layers.cached_layer import HEAD_BYTES, SIZE_BYTES, LayerRecorder, entry_path
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_cache import UNUSED_SECONDS, LayerCache, expect_cache
from tests.packager.images_tar import Engine, Written, wanted, write
from tests.packager.saved_images import (
    Made,
    digest,
    gzipped,
    index_archive,
    index_of,
    layer,
    legacy_archive,
    named,
    oci_archive,
    packed_archive,
)

BASE, WEB, DB = layer("base"), layer("web", size_bytes=3 << 20), layer("db")
OLD = (Made("web:1", (BASE, WEB)), Made("db:1", (BASE, DB)))
NEW = (Made("web:2", (BASE, layer("new web"))), OLD[1])
NOTHING = Engine(b"")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache that has the old images."""
    folder = tmp_path / "cache"
    expect_cache(folder)
    write(oci_archive(*OLD), tmp_path, *OLD, cache=folder)
    return folder


@pytest.fixture
def plain(tmp_path: Path) -> Written:
    return write(oci_archive(*NEW), tmp_path, *NEW)


def layers_of(cache: Path) -> Path:
    return cache / GzipCodec.name


def entries(cache: Path) -> set[str]:
    return {str(path.relative_to(cache)) for path in cache.rglob("*") if path.is_file()}


def test_a_package_is_the_same_with_and_without_it(tmp_path: Path, cache: Path, plain: Written) -> None:
    assert write(oci_archive(*NEW), tmp_path, *NEW, cache=cache) == plain
    assert write(legacy_archive(*NEW), tmp_path, *NEW, cache=cache) == plain
    empty = tmp_path / "empty"
    for archive in (oci_archive(*NEW), legacy_archive(*NEW)):
        assert write(archive, tmp_path, *NEW, cache=empty) == plain
        assert write(Engine(b""), tmp_path, *NEW, cache=empty) == plain
        shutil.rmtree(empty)


def test_only_images_that_it_lacks_are_asked_of_the_engine(
    tmp_path: Path, cache: Path, plain: Written
) -> None:
    engine = Engine(oci_archive(NEW[0]).getvalue())
    assert write(engine, tmp_path, *NEW, cache=cache) == plain
    assert write(engine, tmp_path, *NEW, cache=cache) == plain
    assert engine.asked == [[NEW[0].id]]


def test_what_it_holds_is_named_by_digests(cache: Path) -> None:
    layers = {f"{GzipCodec.name}/{digest(one)}" for one in (BASE, WEB, DB)}
    assert entries(cache) == {"CACHEDIR.TAG", *layers, *(f"images/{digest(made.config)}" for made in OLD)}


def test_images_of_containerds_store_are_known_again(tmp_path: Path) -> None:
    cache, arm = tmp_path / "cache", Made("web:1", (BASE, layer("arm")), "arm64")
    for archive, image_id in (
        (packed_archive(OLD[0]), named(OLD[0].manifest(gzipped))),
        (index_archive(OLD[0], arm), named(index_of(OLD[0], arm))),
    ):
        first = write(archive, tmp_path, wanted(OLD[0], image_id), cache=cache)
        assert write(NOTHING, tmp_path, wanted(OLD[0], image_id), cache=cache) == first
        shutil.rmtree(cache)
    assert NOTHING.asked == []


def test_a_layer_that_is_left_out_need_not_be_asked_for(tmp_path: Path, cache: Path) -> None:
    delta = write(oci_archive(*OLD), tmp_path, *OLD, leave_out=[named(BASE)])
    assert write(NOTHING, tmp_path, *OLD, cache=cache, leave_out=[named(BASE)]) == delta


@pytest.mark.parametrize("damage", ["cut", "emptied", "longer", "flipped", "another's", "a folder", "a text"])
def test_a_damaged_entry_is_made_again(tmp_path: Path, cache: Path, damage: str) -> None:
    path = entry_path(layers_of(cache), named(WEB))
    whole = path.read_bytes()
    for place in (0, 30, HEAD_BYTES - 1, HEAD_BYTES, len(whole) - 1) if damage == "flipped" else (7,):
        spoil(path, damage, place)
        again = Engine(oci_archive(*OLD).getvalue())
        assert write(again, tmp_path, *OLD, cache=cache) == write(oci_archive(*OLD), tmp_path, *OLD)
        assert again.asked == [[OLD[0].id]]
        if damage != "a folder":
            assert path.read_bytes() == whole


def test_the_engine_begins_before_the_cache_is_proven(tmp_path: Path, cache: Path, plain: Written) -> None:
    spoil(entry_path(layers_of(cache), named(DB)), "flipped", -1)
    engine = Engine(oci_archive(*NEW).getvalue())
    assert write(engine, tmp_path, *NEW, cache=cache) == plain
    assert engine.asked == [[NEW[0].id], [NEW[1].id]]


def spoil(path: Path, damage: str, place: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.unlink()
    if damage == "a folder":
        path.mkdir()
        return
    other = (path.parent / digest(BASE)).read_bytes()
    path.write_bytes(
        {"cut": raw[:-1], "emptied": b"", "longer": raw + b"x", "another's": other, "a text": b"{}"}.get(
            damage, raw
        )
    )


@pytest.mark.parametrize("content", [b"", b"{}", OLD[1].config])
def test_a_damaged_document_is_made_again(tmp_path: Path, cache: Path, content: bytes) -> None:
    path = cache / "images" / digest(OLD[0].config)
    path.write_bytes(content)
    write(oci_archive(*OLD), tmp_path, *OLD, cache=cache)
    assert path.read_bytes() == OLD[0].config


@pytest.mark.parametrize("damage", ["flipped", "cut behind a member", "emptied"])
def test_an_entry_that_changes_after_it_was_proven_is_refused_and_gone(
    tmp_path: Path, cache: Path, damage: str
) -> None:
    kept = LayerCache(cache, GzipCodec.name)
    with asking(NOTHING.save, [wanted(one) for one in OLD], kept) as asked:
        path = asked.layers[named(WEB)].path
        change(path, damage)
        with pytest.raises(Refused) as refused, Packer(io.BytesIO(), GzipCodec()) as packer:
            write_images(asked, ImagesSink(packer), tmp_path, lambda size: None)
    assert refused.value.happened == f"{path} changed while it was being read."
    assert refused.value.hint == "Run the export again; the layer was removed from the cache."
    again = Engine(oci_archive(*OLD).getvalue())
    assert write(again, tmp_path, *OLD, cache=cache) == write(oci_archive(*OLD), tmp_path, *OLD)
    assert again.asked == [[OLD[0].id]]


def change(path: Path, damage: str) -> None:
    """Change an entry of several members in its place."""
    with path.open("r+b") as file:
        first = (
            HEAD_BYTES
            + SIZE_BYTES
            + int.from_bytes(file.read(HEAD_BYTES + SIZE_BYTES)[HEAD_BYTES:], "little")
        )
        if damage == "flipped":
            file.seek(-1, os.SEEK_END)
            last = file.read(1)[0]
            file.seek(-1, os.SEEK_END)
            file.write(bytes([last ^ 1]))
        else:
            file.truncate(first if damage == "cut behind a member" else 0)


def test_another_packer_has_entries_of_its_own(tmp_path: Path, cache: Path) -> None:
    assert LayerCache(cache, "zstd-3").layers([named(BASE)]) == {}
    found = LayerCache(cache, GzipCodec.name).layers([named(BASE), named(b"?")])
    assert [one.layer for one in found.values()] == [Layer(named(BASE), len(BASE))]
    found[named(BASE)].close()


def test_a_failed_export_leaves_nothing_half_done(tmp_path: Path) -> None:
    bad = io.BytesIO(oci_archive(*OLD).getvalue().replace(b"web", b"wab", 1))
    with pytest.raises(Refused):
        write(bad, tmp_path, *OLD, cache=tmp_path / "cache")
    assert not [name for name in entries(tmp_path / "cache") if "partial" in name or digest(WEB) in name]


def test_two_exports_at_once_do_not_disturb_each_other(tmp_path: Path, plain: Written) -> None:
    cache = tmp_path / "cache"
    done: list[Written] = []

    def export() -> None:
        done.append(write(oci_archive(*NEW), tmp_path, *NEW, cache=cache))

    threads = [threading.Thread(target=export) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done == [plain] * 4
    assert write(NOTHING, tmp_path, *NEW, cache=cache) == plain


def test_a_full_disk_costs_only_the_cache(tmp_path: Path) -> None:
    made = Made("big:1", (random.Random(1).randbytes(2 << 20), BASE))
    plain = write(oci_archive(made), tmp_path, made)
    with largest_file(1 << 20):
        assert write(oci_archive(made), tmp_path, made, cache=tmp_path / "cache") == plain
    layers = {f"{GzipCodec.name}/{digest(BASE)}", f"images/{digest(made.config)}"}
    assert entries(tmp_path / "cache") == layers
    recorder = LayerRecorder(tmp_path / "cache", (obstacles := []).append)
    with largest_file(1 << 20):
        recorder.write(bytes(2 << 20))
        recorder.write(b"more")
        recorder.keep(Layer(named(WEB), len(WEB)))
    assert [obstacle.errno for obstacle in obstacles] == [errno.EFBIG]
    assert entries(tmp_path / "cache") == layers


@contextmanager
def largest_file(size_bytes: int) -> Iterator[None]:
    """The system refuses to make any file larger, as a full disk would."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def unwritable(folder: Path) -> Iterator[None]:
    """As another person's folder is; root may do everything, so a file stands in the way."""
    folder.mkdir()
    (folder / GzipCodec.name).write_text("in the way")
    (folder / "images").write_text("in the way")
    yield


def test_a_cache_that_cannot_be_written_is_told_and_does_no_harm(tmp_path: Path, plain: Written) -> None:
    with unwritable(tmp_path / "cache"):
        cache = LayerCache(tmp_path / "cache", GzipCodec.name)
        with cache.keeping(Layer(named(BASE), 1)) as recorder:
            recorder.write(b"members")
        assert isinstance(cache.problem, OSError)
        assert write(oci_archive(*NEW), tmp_path, *NEW, cache=tmp_path / "cache") == plain


def test_what_no_export_uses_for_long_is_removed(tmp_path: Path, cache: Path) -> None:
    now = entry_path(layers_of(cache), named(WEB)).stat().st_mtime
    (layers_of(cache) / ".partial-x").touch()
    (cache / "notes.txt").touch()
    (layers_of(cache) / "notes.txt").touch()
    kept = entries(cache)
    LayerCache(cache, GzipCodec.name).forget_unused(now + 3600)
    assert entries(cache) == kept
    for path in cache.rglob("*"):
        os.utime(path, (now - UNUSED_SECONDS - 60,) * 2)
    write(NOTHING, tmp_path, OLD[1], cache=cache)
    LayerCache(cache, GzipCodec.name).forget_unused(now)
    used = {f"{GzipCodec.name}/{digest(one)}" for one in (BASE, DB)} | {f"images/{digest(OLD[1].config)}"}
    assert entries(cache) == {"CACHEDIR.TAG", "notes.txt", f"{GzipCodec.name}/notes.txt", *used}


def test_a_folder_with_other_things_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").touch()
    with pytest.raises(UsageProblem, match="is not empty and is not an export cache"):
        expect_cache(tmp_path)
    with pytest.raises(UsageProblem, match="cannot be used as a cache"):
        expect_cache(tmp_path / "thesis.txt")
    expect_cache(tmp_path / "new" / "cache")
    expect_cache(tmp_path / "new" / "cache")
    assert entries(tmp_path / "new") == {"cache/CACHEDIR.TAG"}
