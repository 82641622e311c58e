"""A push sends what the registry lacks, proves what it has, and names images only then."""

import io
from pathlib import Path

import pytest

from installer.bundle.images.docker_archive import digest, oci_manifest
from installer.errors import BadPackage, Failed, Refused, Stuck
from installer.operations.images.supply_blobs import supply_of
from installer.operations.push.push_images import push_images
from installer.operations.push.push_plan import PushPlan, open_repositories, plan_push
from installer.operations.push.pushed_names import pushed_names
from installer.operations.push.show_push import push_document, push_plan_lines
from installer.screen.console import Console
from installer.system.registry.connect_registry import connected
from installer.system.registry.docker_login import Logins
from installer.system.registry.registry_place import RegistryPlace
from installer.system.registry.trust import Trust
from tests.bundle.builders import a_package_directory, a_package_file, release_with
from tests.bundle.images_tar import DB, LOWER, OTHER, UPPER, WEB, diff_id, image_of, images_tar
from tests.packager.saved_images import Made
from tests.testbed.fake_registry import FakeRegistry, Faults, fake_registry
from tests.testbed.registries import real_registry, skopeo

NOBODY = Logins(Path("config.json"), {}, {})
QUIET = Console(story=io.StringIO(), verbosity="quiet")
OLDER = Made(WEB.reference, (UPPER,))


def package_of(folder: Path, *images: Made, archive: bytes | None = None) -> Path:
    folder.mkdir(exist_ok=True)
    manifest, contents = release_with(images_tar(*images) if archive is None else archive, *images)
    return a_package_file(folder, contents, manifest)


def push(host: str, place: Path) -> tuple[PushPlan, dict[str, str]]:
    """The plan of a push, and the digests that it printed, by reference."""
    supply = supply_of(place, QUIET)
    names = pushed_names(supply.manifest.images, RegistryPlace(host, "team"))
    with connected(host, Trust(), NOBODY, lambda seconds: None) as session:
        repository = open_repositories(session)
        plan = plan_push(names, repository)
        pushed = push_images(supply, plan, repository)
    return plan, {name.image.reference: found for name, found in pushed.items()}


def manifest_of(made: Made) -> bytes:
    return oci_manifest(image_of(made), made.config)


def blobs_of(*images: Made) -> set[str]:
    return {digest(content) for made in images for content in (*made.layers, made.config)}


def test_a_push_stores_every_image_and_returns_its_digest(tmp_path: Path) -> None:
    with fake_registry(FakeRegistry()) as registry:
        _plan, digests = push(registry.host, package_of(tmp_path, WEB, DB))
    assert digests == {made.reference: digest(manifest_of(made)) for made in (WEB, DB)}
    assert {place: content for place, content in registry.manifests.items() if place[1] == "2.1.2"} == {
        ("team/vault-web", "2.1.2"): manifest_of(WEB),
        ("team/vault-db", "2.1.2"): manifest_of(DB),
    }
    assert set(registry.blobs) == {
        *(("team/vault-web", blob) for blob in blobs_of(WEB)),
        *(("team/vault-db", blob) for blob in blobs_of(DB)),
    }


def test_a_layer_of_two_images_is_sent_once(tmp_path: Path) -> None:
    with fake_registry(FakeRegistry()) as registry:
        push(registry.host, package_of(tmp_path, WEB, DB))
    sent = [LOWER, UPPER, OTHER, WEB.config, DB.config]
    assert registry.received_bytes == sum(map(len, (*sent, manifest_of(WEB), manifest_of(DB))))


def test_an_unpacked_package_is_pushed_as_well(tmp_path: Path) -> None:
    manifest, contents = release_with(images_tar(WEB), WEB)
    with fake_registry(FakeRegistry()) as registry:
        _plan, digests = push(registry.host, a_package_directory(tmp_path, contents, manifest))
    assert digests == {WEB.reference: digest(manifest_of(WEB))}


def test_what_the_registry_has_is_not_sent_again(tmp_path: Path) -> None:
    package = package_of(tmp_path, WEB, DB)
    with fake_registry(FakeRegistry()) as registry:
        first, before = push(registry.host, package)
        package.write_bytes(package.read_bytes()[:2000])  # the manifest alone can be read
        registry.asked.clear()
        second, after = push(registry.host, package)
    assert (before, {line.split()[0] for line in registry.asked}) == (after, {"GET"})
    assert [[one.state for one in plan.images] for plan in (first, second)] == [["new"] * 2, ["there"] * 2]


def test_a_push_that_broke_goes_on_with_what_is_missing(tmp_path: Path) -> None:
    package = package_of(tmp_path, WEB)
    with fake_registry(FakeRegistry()) as registry:
        registry.faults.cut_bytes = [1 << 30, *[0] * 20]  # of two layers, the first one arrives
        with pytest.raises(Failed, match="broke again and again"):
            push(registry.host, package)
        assert registry.manifests == {}
        registry.faults.cut_bytes = []
        plan, _digests = push(registry.host, package)
    assert [blob for blob in map(diff_id, WEB.layers) if blob in plan.having] == [
        min(map(diff_id, WEB.layers))
    ]
    assert registry.manifests["team/vault-web", "2.1.2"] == manifest_of(WEB)


def test_a_blob_that_the_registry_loses_is_found_before_an_image_is_named(tmp_path: Path) -> None:
    lost = diff_id(UPPER)
    with (
        fake_registry(FakeRegistry(faults=Faults(lost={lost}))) as registry,
        pytest.raises(Failed) as failed,
    ):
        push(registry.host, package_of(tmp_path, WEB))
    assert failed.value.happened == "The registry lost 1 blob that it had accepted; no image was named."
    assert (failed.value.details, registry.manifests) == ((f"team/vault-web@{lost}",), {})


@pytest.mark.engine
def test_a_blob_that_the_disk_of_the_reference_registry_lost_is_sent_again(tmp_path: Path) -> None:
    package = package_of(tmp_path / "package", WEB)
    with real_registry(tmp_path) as registry:
        push(registry.host, package)
        registry.data_of(diff_id(UPPER)).unlink()
        plan, _digests = push(registry.host, package)
        assert (plan.to_upload, registry.data_of(diff_id(UPPER)).read_bytes()) == ({diff_id(UPPER)}, UPPER)


@pytest.mark.engine
def test_skopeo_reads_what_was_pushed(tmp_path: Path) -> None:
    with real_registry(tmp_path) as registry:
        _plan, digests = push(registry.host, package_of(tmp_path / "package", WEB, DB))
        for made in (WEB, DB):
            name = f"docker://{registry.host}/team/{made.reference}"
            target = tmp_path / made.id.removeprefix("sha256:")
            skopeo("copy", "--src-tls-verify=false", name, f"dir:{target}")
            kept = {f"sha256:{path.name}" for path in target.iterdir()} & blobs_of(WEB, DB)
            assert (digest((target / "manifest.json").read_bytes()), kept) == (
                digests[made.reference],
                blobs_of(made),
            )


def test_nothing_of_a_damaged_package_is_named(tmp_path: Path) -> None:
    archive = images_tar(WEB, instead={UPPER: bytes(len(UPPER))})
    with fake_registry(FakeRegistry()) as registry, pytest.raises(BadPackage) as bad:
        push(registry.host, package_of(tmp_path, WEB, archive=archive))
    assert bad.value.details == (f"the layer {diff_id(UPPER)} is damaged or altered",)
    assert (registry.manifests, ("team/vault-web", diff_id(UPPER)) in registry.blobs) == ({}, False)


def test_a_layer_that_is_nowhere_is_refused_with_the_images_that_need_it(tmp_path: Path) -> None:
    archive = images_tar(WEB, DB, without=[OTHER])
    with fake_registry(FakeRegistry()) as registry, pytest.raises(Refused) as refused:
        push(registry.host, package_of(tmp_path, WEB, DB, archive=archive))
    assert refused.value.happened == "Neither the package nor the engine has all images."
    assert refused.value.details[0] == "vault-db:2.1.2: 1 blob is missing"
    assert registry.manifests == {}


def test_a_layer_that_only_the_registry_has_is_taken_from_there(tmp_path: Path) -> None:
    """A delta leaves out what its base has, and a site pushed the base before."""
    with fake_registry(FakeRegistry()) as registry:
        push(registry.host, package_of(tmp_path / "base", WEB))
        archive = images_tar(DB, without=[LOWER])
        push(registry.host, package_of(tmp_path / "delta", DB, WEB, archive=archive))
    assert registry.manifests["team/vault-db", "2.1.2"] == manifest_of(DB)


def test_a_failure_between_two_names_says_which_were_pushed(tmp_path: Path) -> None:
    with fake_registry(FakeRegistry()) as registry:
        registry.faults.full = {"team/vault-db"}
        with pytest.raises(Stuck) as stuck:
            push(registry.host, package_of(tmp_path, WEB, DB))
    assert stuck.value.details[-1] == "Pushed so far: team/vault-web:2.1.2"


def test_the_plan_shows_names_and_what_is_sent(tmp_path: Path) -> None:
    with fake_registry(FakeRegistry()) as registry:
        push(registry.host, package_of(tmp_path / "older", OLDER))
        plan, _digests = push(registry.host, package_of(tmp_path, WEB, DB))
    assert list(push_plan_lines(plan, "registry.site")) == [
        "Images in the registry registry.site:",
        "  registry.site/team/vault-web:2.1.2  (replaces another image)",
        "  registry.site/team/vault-db:2.1.2  (new)",
        "To upload: 4 blobs, 20.0 KiB; the registry has 1 already.",
    ]
    document = push_document(plan, "registry.site", {})
    assert document == {
        "registry": "registry.site",
        "images": [
            {
                "reference": made.reference,
                "pushed_as": f"registry.site/team/{made.reference}",
                "digest": None,
                "before": before,
            }
            for made, before in ((WEB, "other"), (DB, "new"))
        ],
        "upload_blobs": 4,
        "upload_size_bytes": len(LOWER) + len(OTHER),
    }
