"""Blobs out of the archives that engines save."""

import io
from collections.abc import Callable

import pytest

from installer.bundle.images.passing_blobs import PassingBlob
from installer.errors import Failed
from installer.operations.images.engine_blobs import pass_saved_blobs
from installer.operations.images.supply_blobs import sizes_of
from tests.bundle.images_tar import DB, LOWER, UPPER, WEB, diff_id, image_of
from tests.packager.saved_images import Made, legacy_archive, oci_archive

WANTED = sizes_of([image_of(WEB), image_of(DB)])


def taken_from(saved: io.BytesIO, wanted: dict[str, int | None]) -> dict[str, bytes]:
    taken: dict[str, bytes] = {}

    def take(blob: PassingBlob) -> None:
        assert blob.digest not in taken
        taken[blob.digest] = b"".join(blob.chunks)
        assert len(taken[blob.digest]) == blob.size_bytes

    pass_saved_blobs(saved, wanted, take)
    return taken


@pytest.mark.parametrize("archive", [oci_archive, legacy_archive])
def test_layers_and_configs_are_found_in_the_archive_of_any_engine(
    archive: Callable[..., io.BytesIO],
) -> None:
    expected = {diff_id(one): one for made in (WEB, DB) for one in (*made.layers, made.config)}
    assert taken_from(archive(WEB, DB), WANTED) == expected


@pytest.mark.parametrize("archive", [oci_archive, legacy_archive])
def test_only_what_is_wanted_is_taken(archive: Callable[..., io.BytesIO]) -> None:
    assert taken_from(archive(WEB, DB), {diff_id(UPPER): len(UPPER)}) == {diff_id(UPPER): UPPER}


def test_a_truncated_archive_is_an_error() -> None:
    whole = oci_archive(WEB).getvalue()
    with pytest.raises(Failed, match="The archive from the engine is damaged"):
        taken_from(io.BytesIO(whole[: len(whole) // 3]), WANTED)


def test_a_layer_with_another_size_than_the_manifest_says_is_an_error() -> None:
    with pytest.raises(Failed) as failed:
        taken_from(oci_archive(Made("a:1", (LOWER,))), {diff_id(LOWER): 7})
    assert failed.value.details == (f"{diff_id(LOWER)} appears twice, or its size differs",)
