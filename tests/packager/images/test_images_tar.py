"""images.tar out of what engines save: each layer once, complete, the same bytes whatever the layout."""

import io
import random
import tarfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from installer.bundle.archive.checksums import Readable
from installer.errors import Refused
from packager.images.image_configs import WantedImage
from packager.images.save_groups import in_groups
from tests.packager.images_tar import Engine, Written, described, wanted, write
from tests.packager.saved_images import (
    Made,
    archive_of,
    as_json,
    attestation,
    blobs_archive,
    descriptor,
    digest,
    gzipped,
    index_archive,
    index_of,
    layer,
    legacy_archive,
    named,
    oci_archive,
    packed_archive,
    zstd,
)

BASE, WEB, DB = layer("base"), layer("web"), layer("db", size_bytes=5 << 20)
IMAGES = (Made("shop/web:1", (BASE, WEB)), Made("mariadb:10.11", (BASE, DB)))
LAYERS = sorted((BASE, WEB, DB), key=digest)
ARM = Made("shop/web:1", (BASE, layer("web for arm")), "arm64")


def from_containerd(pack: Callable[[bytes], bytes]) -> list[WantedImage]:
    return [wanted(made, named(made.manifest(pack))) for made in IMAGES]


@pytest.fixture
def plain(tmp_path: Path) -> Written:
    return write(oci_archive(*IMAGES), tmp_path, *IMAGES)


def test_each_layer_stands_in_it_once_in_the_order_of_its_digest(plain: Written, tmp_path: Path) -> None:
    assert plain.images == tuple(map(described, IMAGES))
    assert plain.layers == LAYERS
    assert plain.names[:3] == [f"blobs/sha256/{digest(one)}" for one in LAYERS]
    assert plain.names[-3:] == ["index.json", "manifest.json", "oci-layout"]
    assert len(plain.names) == len(set(plain.names))
    assert list(tmp_path.iterdir()) == []


def test_every_engine_gives_the_same_bytes(plain: Written, tmp_path: Path) -> None:
    assert write(legacy_archive(*IMAGES), tmp_path, *IMAGES) == plain
    for pack in (gzipped, zstd, bytes):
        assert write(packed_archive(*IMAGES, pack=pack), tmp_path, *from_containerd(pack)) == plain
    for one, two in ((gzipped, zstd), (bytes, gzipped)):
        mixed = [wanted(IMAGES[0], named(IMAGES[0].manifest(one))), from_containerd(two)[1]]
        blobs = [*map(one, IMAGES[0].layers), *map(two, IMAGES[1].layers)]
        documents = [IMAGES[0].manifest(one), IMAGES[1].manifest(two), *(made.config for made in IMAGES)]
        assert write(blobs_archive(*blobs, *documents), tmp_path, *mixed) == plain
    assert list(tmp_path.iterdir()) == []


def test_layers_in_any_order_give_the_same_bytes(plain: Written, tmp_path: Path) -> None:
    files = {f"blobs/sha256/{digest(one)}": one for one in (*LAYERS, *(made.config for made in IMAGES))}
    for seed in range(6):
        shuffled = random.Random(seed).sample(sorted(files), len(files))
        assert write(archive_of({name: files[name] for name in shuffled}), tmp_path, *IMAGES) == plain


def test_a_large_compressed_layer_is_the_same_as_a_plain_one(tmp_path: Path) -> None:
    made = Made("big:1", (layer("zeros", size_bytes=9 << 20), random.Random(1).randbytes(6 << 20), BASE))
    plain = write(oci_archive(made), tmp_path, made)
    for pack in (gzipped, zstd):
        assert (
            write(packed_archive(made, pack=pack), tmp_path, wanted(made, named(made.manifest(pack))))
            == plain
        )


def test_compressed_layers_may_have_many_members(tmp_path: Path) -> None:
    made = Made("many:1", (layer("a", size_bytes=3 << 20),))
    skippable = b"\x50\x2a\x4d\x18\x05\x00\x00\x00hello"

    def in_two(pack: Callable[[bytes], bytes], between: bytes = b"") -> Callable[[bytes], bytes]:
        return lambda one: pack(one[:1000]) + between + pack(one[1000:]) + between

    for pack in (in_two(gzipped), in_two(zstd), in_two(zstd, skippable)):
        wanted_one = wanted(made, named(made.manifest(pack)))
        assert write(packed_archive(made, pack=pack), tmp_path, wanted_one).layers == list(made.layers)


def test_a_layer_that_the_engine_left_out_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(Refused) as refusal:
        write(oci_archive(*IMAGES, without=DB), tmp_path, *IMAGES)
    assert refusal.value.happened == "The engine did not save all layers of the image mariadb:10.11."
    assert refusal.value.details == (named(DB),)


def test_an_image_that_the_engine_left_out_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"did not save the image mariadb:10\.11"):
        write(oci_archive(IMAGES[0]), tmp_path, *IMAGES)


def test_an_image_that_got_the_name_meanwhile_is_not_taken(tmp_path: Path) -> None:
    other = Made(IMAGES[0].reference, IMAGES[0].layers, also={"created": "later"})
    with pytest.raises(Refused, match=r"did not save the image shop/web:1"):
        write(oci_archive(other), tmp_path, IMAGES[0])


@pytest.mark.parametrize("one", [BASE, DB], ids=["small", "large"])
def test_a_layer_that_is_not_what_its_name_says_is_noticed(tmp_path: Path, one: bytes) -> None:
    bad = bytearray(one)
    bad[300] ^= 1
    raw = oci_archive(*IMAGES).getvalue().replace(one, bytes(bad), 1)
    with pytest.raises(Refused) as refusal:
        write(io.BytesIO(raw), tmp_path, *IMAGES)
    assert refusal.value.happened == f"The engine returned a layer whose digest is not {named(one)}."


@pytest.mark.parametrize("pack", [gzipped, zstd])
def test_a_compressed_layer_that_is_damaged_is_noticed_wherever_it_is(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    made = Made("a:1", (random.Random(2).randbytes(2000),))
    blob = pack(made.layers[0])
    for place in (5, len(blob) // 2, len(blob) - 1):
        bad = bytearray(blob)
        bad[place] ^= 1
        raw = packed_archive(made, pack=pack).getvalue().replace(blob, bytes(bad))
        with pytest.raises(Refused, match="The engine returned a"):
            write(io.BytesIO(raw), tmp_path, wanted(made, named(made.manifest(pack))))


@pytest.mark.parametrize("pack", [gzipped, zstd])
def test_a_compressed_layer_without_its_end_is_noticed(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    def cut(one: bytes) -> bytes:
        return pack(one)[:-6]

    made = Made("a:1", (BASE,))
    with pytest.raises(Refused):
        write(packed_archive(made, pack=cut), tmp_path, wanted(made, named(made.manifest(cut))))


def test_a_layer_is_opaque(tmp_path: Path) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as archive:
        kinds = (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE)
        for number, kind in enumerate((tarfile.REGTYPE, *kinds)):
            entry = tarfile.TarInfo(f"한글 ./../{number}\n")
            entry.type, entry.linkname, entry.devmajor = kind, "/etc/비밀", 8
            entry.pax_headers = {"SCHILY.xattr.security.capability": "\x01\x00"}
            archive.addfile(entry)
    strange = [
        file.getvalue(),
        b"",
        bytes(1024),
        b"{}",
        b"[]",
        b'{"rootfs": {}}',
        b"\x1f\x8bno gzip",
        IMAGES[0].config,
    ]
    made = Made("odd:1", (*strange, gzipped(BASE), zstd(BASE)))
    for archive_ in (oci_archive(made), archive_of(shuffled_blobs(made))):
        written = write(archive_, tmp_path, made)
        assert written.images == (described(made),)
        assert written.layers == sorted(made.layers, key=digest)


def shuffled_blobs(made: Made) -> dict[str, bytes]:
    blobs = [*made.layers, made.config]
    return {f"blobs/sha256/{digest(one)}": one for one in sorted(blobs, key=digest, reverse=True)}


def test_a_legacy_layer_may_look_like_a_document(tmp_path: Path) -> None:
    made = Made("odd:1", (b'{"rootfs": {}}', b"", bytes(1024)))
    assert write(legacy_archive(made), tmp_path, made).layers == sorted(made.layers, key=digest)


def test_the_same_image_under_two_names_is_asked_for_once(tmp_path: Path) -> None:
    engine = Engine(oci_archive(IMAGES[0]).getvalue())
    twin = Made("shop/worker:1", IMAGES[0].layers)
    written = write(engine, tmp_path, IMAGES[0], twin)
    assert engine.asked == [[IMAGES[0].id]]
    assert written.images == (described(IMAGES[0]), described(twin))
    assert written.layers == sorted((BASE, WEB), key=digest)


def test_a_layer_may_repeat_within_an_image(tmp_path: Path) -> None:
    made = Made("twice:1", (BASE, WEB, BASE, bytes(1024), bytes(1024)))
    for archive in (oci_archive(made), legacy_archive(made)):
        written = write(archive, tmp_path, made)
        assert written.images == (described(made),)
        assert written.layers == sorted({*made.layers}, key=digest)


def test_an_image_may_have_very_many_layers(tmp_path: Path) -> None:
    made = Made("deep:1", tuple(layer(f"file {number}") for number in range(127)))
    plain = write(oci_archive(made), tmp_path, made)
    assert plain.images == (described(made),)
    assert write(legacy_archive(made), tmp_path, made) == plain


def test_an_image_without_layers_is_refused_in_words(tmp_path: Path) -> None:
    made = Made("empty:1", (), also={"history": None})
    config = made.config.replace(b'"diff_ids": []', b'"diff_ids": null')
    manifest = as_json({"config": descriptor(config), "layers": None})
    for image_id in (named(config), named(manifest)):
        with pytest.raises(Refused, match="empty:1 is empty: it has no layers"):
            write(blobs_archive(config, manifest), tmp_path, wanted(made, image_id))


def test_odd_members_of_a_config_are_kept_to_the_byte(tmp_path: Path) -> None:
    history = [{"created": "2015-01-01T00:00:00Z", "created_by": "/bin/sh -c #(nop) <&>", "throwaway": True}]
    made = Made("old:1", (BASE,), also={"id": "0" * 64, "history": history, "container": None, "x": 1e300})
    written = write(oci_archive(made), tmp_path, made)
    assert written.images == (described(made),)
    assert made.config in written.raw


def test_a_config_without_a_platform_is_refused_in_words(tmp_path: Path) -> None:
    made = Made("old:1", (BASE,), architecture="")
    with pytest.raises(Refused) as refusal:
        write(oci_archive(made), tmp_path, WantedImage("old:1", made.id, "linux/", made.diff_ids))
    assert refusal.value.happened == (
        "The platform in the config of old:1 is invalid: must be a platform like linux/amd64"
    )


def test_hard_links_and_folders_among_the_layers_do_no_harm(tmp_path: Path, plain: Written) -> None:
    file = io.BytesIO()
    with (
        tarfile.open(fileobj=file, mode="w") as archive,
        tarfile.open(fileobj=legacy_archive(*IMAGES)) as legacy,
    ):
        for entry in legacy:
            folder = tarfile.TarInfo(entry.name.rpartition("/")[0] or "top")
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
            if entry.issym():
                entry.type, entry.linkname = tarfile.LNKTYPE, entry.linkname.removeprefix("../")
            archive.addfile(entry, legacy.extractfile(entry) if entry.isreg() else None)
    assert write(io.BytesIO(file.getvalue()), tmp_path, *IMAGES) == plain


@pytest.mark.parametrize("made", [IMAGES[0], ARM], ids=["amd64", "arm64"])
def test_of_several_platforms_the_wanted_one_is_taken(tmp_path: Path, made: Made) -> None:
    image_id = named(index_of(IMAGES[0], ARM))
    written = write(index_archive(IMAGES[0], ARM), tmp_path, wanted(made, image_id))
    assert written == write(oci_archive(made), tmp_path, made)


def test_a_platform_that_the_engine_does_not_hold_is_refused_in_words(tmp_path: Path) -> None:
    image_id = named(index_of(IMAGES[0], ARM))
    there = (
        index_of(IMAGES[0], ARM),
        IMAGES[0].config,
        IMAGES[0].manifest(gzipped),
        gzipped(BASE),
        gzipped(WEB),
    )
    with pytest.raises(Refused) as refusal:
        write(blobs_archive(*there), tmp_path, wanted(ARM, image_id))
    assert str(refusal.value) == (
        "The engine does not have shop/web:1 for linux/arm64.\n"
        "  Available for: linux/amd64\n"
        "Pull or build the image for linux/arm64, then run the export again."
    )


def test_two_images_for_one_platform_behind_one_name_are_refused(tmp_path: Path) -> None:
    twin = Made("shop/web:1", IMAGES[0].layers, also={"created": "later"})
    image_id = named(index_of(IMAGES[0], twin))
    with pytest.raises(
        Refused, match="shop/web:1 is ambiguous: the engine has several images for linux/amd64"
    ):
        write(index_archive(IMAGES[0], twin), tmp_path, wanted(IMAGES[0], image_id))


def test_an_attestation_alone_is_no_image(tmp_path: Path) -> None:
    one = attestation()
    archive = blobs_archive(index_of(), *one.layers, one.config, one.manifest())
    with pytest.raises(Refused, match=r"does not have shop/web:1 for linux/amd64"):
        write(archive, tmp_path, wanted(IMAGES[0], named(index_of())))


def test_a_layer_that_only_its_maker_gives_out_is_refused_with_its_address(tmp_path: Path) -> None:
    made = IMAGES[0]
    foreign = {**descriptor(BASE), "urls": ["https://example.com/base"]}
    manifest = as_json({"config": descriptor(made.config), "layers": [foreign, descriptor(WEB)]})
    with pytest.raises(Refused) as refusal:
        write(blobs_archive(WEB, made.config, manifest), tmp_path, made)
    assert refusal.value.happened == "The image shop/web:1 has layers that only their publisher distributes."
    assert refusal.value.details == (f"{named(BASE)} https://example.com/base",)
    assert write(blobs_archive(BASE, WEB, made.config, manifest), tmp_path, made).layers


def test_layers_left_out_are_read_proven_and_not_written(plain: Written, tmp_path: Path) -> None:
    for archive in (oci_archive(*IMAGES), legacy_archive(*IMAGES)):
        delta = write(archive, tmp_path, *IMAGES, leave_out=[named(BASE), named(DB)])
        assert delta.images == plain.images
        assert delta.layers == [WEB]
        assert delta.names == [
            name for name in plain.names if digest(BASE) not in name and digest(DB) not in name
        ]
    with pytest.raises(Refused, match="did not save all layers of the image"):
        write(oci_archive(*IMAGES, without=DB), tmp_path, *IMAGES, leave_out=[named(DB)])
    bad = io.BytesIO(oci_archive(*IMAGES).getvalue().replace(b"base", b"bass", 1))
    with pytest.raises(Refused, match="whose digest is not sha256:"):
        write(bad, tmp_path, *IMAGES, leave_out=[named(BASE)])


def test_a_delta_without_any_layer_is_still_an_archive(tmp_path: Path) -> None:
    delta = write(oci_archive(*IMAGES), tmp_path, *IMAGES, leave_out=[named(one) for one in LAYERS])
    assert (delta.layers, delta.images) == ([], tuple(map(described, IMAGES)))


def test_an_archive_that_is_cut_off_before_all_has_come_is_refused(tmp_path: Path) -> None:
    raw = oci_archive(*IMAGES).getvalue()
    for length in (0, 100, 512, 700, 3000, 5 << 20, len(raw.rstrip(b"\0"))):
        with pytest.raises(Refused, match="is truncated"):
            write(io.BytesIO(raw[:length]), tmp_path, *IMAGES)
    with pytest.raises(Refused, match="not a tar archive"):
        write(io.BytesIO(b"x" * 2000), tmp_path, *IMAGES)
    assert list(tmp_path.iterdir()) == []


def test_when_the_engine_ends_early_its_own_words_are_told(tmp_path: Path) -> None:
    class Dying(Engine):
        @contextmanager
        def save(self, image_ids: Sequence[str]) -> Iterator[Readable]:
            self.left = io.BytesIO(self.archive[:2000])
            yield self

        def read(self, size_bytes: int, /) -> bytes:
            if content := self.left.read(size_bytes):
                return content
            raise ConnectionError("the engine is gone")

    with pytest.raises(ConnectionError, match="gone"):
        write(Dying(oci_archive(*IMAGES).getvalue()), tmp_path, *IMAGES)


class Splitting(Engine):
    """Gives out only the images that it is asked for."""

    @contextmanager
    def save(self, image_ids: Sequence[str]) -> Iterator[IO[bytes]]:
        self.asked.append(image_ids)
        yield oci_archive(*(made for made in IMAGES if made.id in image_ids))


def test_images_are_asked_for_in_two_requests_and_come_out_the_same(tmp_path: Path, plain: Written) -> None:
    engine = Splitting(b"")
    assert write(engine, tmp_path, *IMAGES) == plain
    assert sorted(engine.asked) == sorted([made.id] for made in IMAGES)


def test_layers_of_two_requests_go_straight_through(tmp_path: Path) -> None:
    """In the order of their digests, so that none waits in a file: the folder for that is missing."""
    assert write(Splitting(b""), tmp_path / "missing", *IMAGES).layers == LAYERS
    with pytest.raises(FileNotFoundError):
        write(legacy_archive(*IMAGES), tmp_path / "missing", *IMAGES)


def image(name: str, size_bytes: int, *layers: str) -> WantedImage:
    return WantedImage(name, name, "linux/amd64", layers, size_bytes)


def test_requests_take_about_the_same_time() -> None:
    shop, worker = (
        image("shop", 417, "base", "node", "shop"),
        image("worker", 650, "base", "python", "worker"),
    )
    database, web = image("database", 350, "base", "database"), image("web", 233, "base", "web")
    assert groups([shop, worker, database, web]) == [["web", "worker"], ["database", "shop"]]
    assert groups([shop, shop]) == [["shop"]]
    assert groups([]) == []


def test_images_that_share_most_of_their_layers_are_asked_for_together() -> None:
    images = [image(f"web-{number}", 400 + number, "base", "node", f"{number}") for number in range(5)]
    assert groups(images) == [[f"web-{number}" for number in range(5)]]
    assert groups([*images, image("database", 350, "base", "database")])[1] == ["database"]


def groups(images: Iterable[WantedImage]) -> list[list[str]]:
    return [[image.id for image in group] for group in in_groups(images)]
