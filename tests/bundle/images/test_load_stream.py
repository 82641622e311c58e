"""What an engine is given of images.tar: only what it lacks, and its tables only when all is proven."""

import hashlib
import tracemalloc

import pytest

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry_header, entry_padding
from installer.bundle.images.docker_archive import blob_path, metadata
from installer.bundle.images.load_stream import Selection, load_stream
from installer.bundle.manifest.manifest import Image, Layer
from installer.errors import BadPackage
from tests.bundle.images_tar import (
    DB,
    LOWER,
    OTHER,
    UPPER,
    WEB,
    Stream,
    diff_id,
    image_of,
    images_tar,
    names_in,
)
from tests.packager.saved_images import Made, layer

ZEROS = memoryview(bytes(1 << 20))
ALL = Selection((image_of(WEB), image_of(DB)), frozenset(map(diff_id, (LOWER, UPPER, OTHER))))


def given(archive: bytes, selection: Selection) -> bytes:
    """What an engine would be given."""
    return b"".join(piece for _number, piece in load_stream(Stream.of(archive), [selection], lambda: None))


def given_before_it_broke(archive: bytes, selection: Selection) -> tuple[bytes, BadPackage]:
    passed = b""
    with pytest.raises(BadPackage) as refused:
        for _number, piece in load_stream(Stream.of(archive), [selection], lambda: None):
            passed += bytes(piece)
    return passed, refused.value


def test_an_engine_that_has_nothing_is_given_the_very_same_archive() -> None:
    archive = images_tar(WEB, DB)
    assert given(archive, ALL) == archive


def test_only_the_images_and_layers_that_are_lacking_are_given() -> None:
    archive = given(images_tar(WEB, DB), Selection((image_of(DB),), frozenset({diff_id(OTHER)})))
    tables = [blob.path for blob in metadata([(image_of(DB), DB.config)])]
    assert names_in(archive) == [blob_path(diff_id(OTHER)), *tables]


def test_images_for_two_loads_are_two_whole_archives_and_a_layer_that_both_need_is_in_both() -> None:
    web = Selection((image_of(WEB),), frozenset(map(diff_id, WEB.layers)))
    db = Selection((image_of(DB),), frozenset(map(diff_id, DB.layers)))
    archives = {0: b"", 1: b""}
    for number, piece in load_stream(Stream.of(images_tar(WEB, DB)), [web, db], lambda: None):
        archives[number] += piece
    assert set(WEB.layers) & set(DB.layers)
    assert archives == {0: images_tar(WEB), 1: images_tar(DB)}


def test_no_load_gets_its_tables_when_a_layer_of_another_is_damaged() -> None:
    loads = [Selection((image_of(made),), frozenset(map(diff_id, made.layers))) for made in (WEB, DB)]
    damaged = images_tar(WEB, DB, instead={OTHER: OTHER.replace(b"other", b"0ther")})
    archives = {0: b"", 1: b""}
    with pytest.raises(BadPackage) as refused:
        for number, piece in load_stream(Stream.of(damaged), loads, lambda: None):
            archives[number] += piece
    assert refused.value.details == (f"the layer {diff_id(OTHER)} is damaged or altered",)
    assert [_has_tables(archive) for archive in archives.values()] == [False, False]


def test_an_image_without_layers_and_one_with_the_same_layer_twice() -> None:
    empty, twice = Made("empty:1", ()), Made("twice:1", (LOWER, LOWER))
    archive = images_tar(empty, twice)
    selection = Selection((image_of(empty), image_of(twice)), frozenset({diff_id(LOWER)}))
    assert given(archive, selection) == archive


def test_an_image_of_more_than_a_hundred_layers_with_names_from_everywhere() -> None:
    made = Made("많다:1", tuple(layer(f"파일 {number}\n", "ü", "\udcff") for number in range(130)))
    archive = images_tar(made)
    selection = Selection((image_of(made),), frozenset(map(diff_id, made.layers)))
    assert given(archive, selection) == archive


def test_an_empty_layer_passes() -> None:
    made = Made("nothing:1", (b"", LOWER))
    archive = images_tar(made)
    assert given(archive, Selection((image_of(made),), frozenset({diff_id(b""), diff_id(LOWER)}))) == archive


class Zeros:
    """images.tar with one layer of zeros, made while it is read."""

    def __init__(self, size_bytes: int, diff_id: str) -> None:
        self._head = [entry_header(blob_path(diff_id), size_bytes)]
        self._left_bytes = size_bytes
        self._end = [entry_padding(size_bytes) + END_OF_ARCHIVE]

    def read_some(self) -> bytes | memoryview:
        if self._head:
            return self._head.pop()
        if self._left_bytes:
            size_bytes = min(self._left_bytes, len(ZEROS))
            self._left_bytes -= size_bytes
            return ZEROS[:size_bytes]
        return self._end.pop() if self._end else b""


@pytest.mark.long
def test_a_layer_of_ten_gigabytes_passes_in_constant_memory() -> None:
    size_bytes = 10 * 10**9
    hashed = hashlib.sha256()
    for _block in range(size_bytes // len(ZEROS)):
        hashed.update(ZEROS)
    hashed.update(ZEROS[: size_bytes % len(ZEROS)])
    diff_id = f"sha256:{hashed.hexdigest()}"
    image = Image("large:1", f"sha256:{'0' * 64}", "linux/amd64", (Layer(diff_id, size_bytes),))
    selection = Selection((image,), frozenset({diff_id}))
    passed_bytes = 0
    tracemalloc.start()
    with pytest.raises(BadPackage) as refused:
        for _number, piece in load_stream(Zeros(size_bytes, diff_id), [selection], lambda: None):
            passed_bytes += len(piece)
    _now, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert refused.value.details == (f"{image.id}: is missing",)  # the layer was right
    assert (passed_bytes, peak_bytes < 8 << 20) == (3 * 512 + size_bytes, True)


def test_a_layer_that_is_not_what_its_name_says_keeps_the_tables_back() -> None:
    swapped = LOWER.replace(b"lower", b"l0wer")
    passed, problem = given_before_it_broke(images_tar(WEB, DB, instead={LOWER: swapped}), ALL)
    assert problem.details == (f"the layer {diff_id(LOWER)} is damaged or altered",)
    assert not _has_tables(passed)


@pytest.mark.parametrize(
    ("archive", "detail"),
    [
        (images_tar(WEB, DB, without=[OTHER]), f"{diff_id(OTHER)}: is missing"),
        (images_tar(WEB, DB, instead={OTHER: b"x"}), f"{diff_id(OTHER)} appears twice, or its size differs"),
        (images_tar(WEB), f"{diff_id(OTHER)}: is missing"),
        (images_tar(WEB, DB)[:20_000], "it is damaged: it ends too early"),
    ],
)
def test_whatever_lacks_is_told_and_keeps_the_tables_back(archive: bytes, detail: str) -> None:
    passed, problem = given_before_it_broke(archive, ALL)
    assert detail in problem.details
    assert not _has_tables(passed)


def test_configs_and_tables_wait_for_the_proof_of_the_rest() -> None:
    passed: list[bytes] = []
    before: list[bytes] = []
    archive = Stream.of(images_tar(WEB, DB))
    for _number, piece in load_stream(archive, [ALL], lambda: before.extend(passed)):
        passed.append(bytes(piece))
    given_early, all_given = b"".join(before), b"".join(passed)
    assert all_given.startswith(given_early)
    assert names_in(given_early) == names_in(all_given)[:3]
    assert _has_tables(all_given)


def _has_tables(archive: bytes) -> bool:
    return b"manifest.json" in archive or b"index.json" in archive or b"oci-layout" in archive
