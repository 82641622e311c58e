"""Blobs of images.tar that pass by: only what is wanted, and the last bytes only of what is right."""

import pytest

from installer.bundle.archive.gzip_stream import Damaged
from installer.bundle.images.passing_blobs import PassingBlob, pass_blobs, proven
from installer.errors import BadPackage
from tests.bundle.images_tar import LOWER, UPPER, WEB, Stream, diff_id, images_tar


def test_the_last_piece_of_wrong_content_is_never_given_out() -> None:
    given = []
    with pytest.raises(Damaged):
        for piece in proven([b"first", b"second"], diff_id(b"other")):
            given.append(piece)
    assert given == [b"first"]


def test_wanted_blobs_are_passed_whole_and_the_rest_is_proved() -> None:
    taken: dict[str, bytes] = {}
    proved: list[bool] = []

    def take(blob: PassingBlob) -> None:
        taken[blob.digest] = b"".join(blob.chunks)

    wanted = {diff_id(UPPER): len(UPPER), WEB.id: None}
    pass_blobs(Stream.of(images_tar(WEB)), lambda: proved.append(True), wanted, take)
    assert (taken, proved) == ({diff_id(UPPER): UPPER, WEB.id: WEB.config}, [True])


@pytest.mark.parametrize(
    ("archive", "size_bytes"),
    [
        (images_tar(WEB, instead={LOWER: bytes(len(LOWER))}), len(LOWER)),
        (images_tar(WEB)[:3000], len(LOWER)),
        (images_tar(WEB), len(LOWER) + 1),
    ],
    ids=["altered", "truncated", "of another size"],
)
def test_a_wrong_blob_is_an_error_after_the_package_was_proved(archive: bytes, size_bytes: int) -> None:
    proved: list[bool] = []
    with pytest.raises(BadPackage):
        pass_blobs(
            Stream.of(archive),
            lambda: proved.append(True),
            {diff_id(LOWER): size_bytes},
            lambda blob: b"".join(blob.chunks) and None,
        )
    assert proved == [True]
