"""What a delta may build on, from every place where it can be read, and what the plan says of it."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.images.chains import chain_ids
from installer.bundle.manifest.inventory import Installed, Inventory, dump_inventory
from installer.bundle.manifest.manifest import Base, File
from installer.errors import BadPackage, Refused, UsageProblem
from installer.system.docker.docker import StoredImage
from packager.commands.base_options import read_before
from packager.commands.show_export_plan import plan_document, plan_lines
from packager.compression.output_format import OutputFormat
from packager.deltas.export_base import base_of, since_release, since_site, with_left_out_files
from packager.deltas.left_out_totals import LeftOut, read_left_out
from packager.deltas.previous_release import read_previous
from packager.git.git_source import NO_GIT
from packager.plan.export_plan import plan_export
from packager.project.project import find_project
from tests.packager.delta_packages import LIBRARIES, OS, PYTHON, manifest_of, release, since, write
from tests.packager.projects import shop
from tests.packager.saved_images import digest, layer

APP = layer("app/1")
IMAGES = release("2.1.1", APP)
OS_ID, LIBRARIES_ID, APP_ID = (f"sha256:{digest(one)}" for one in (OS, LIBRARIES, APP))
NEW_ID = f"sha256:{'e' * 64}"
SITE = Inventory(
    "2026-11-22T09:15:00Z",
    "linux/amd64",
    "26.1.5",
    "classic",
    Installed("vault", "2.1.1", "0" * 64),
    chain_ids((OS_ID, APP_ID)),
)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("package"), "2.1.1", IMAGES)


def image(*diff_ids: str, platform: str = "linux/amd64") -> StoredImage:
    return StoredImage("sha256:0", (), diff_ids, platform, 1)


def inventory(folder: Path, content: Inventory = SITE) -> Path:
    (folder / "site.txt").write_text(dump_inventory(content))
    return folder / "site.txt"


def test_file_parts_directory_and_bare_manifest_say_the_same(package: Path, tmp_path: Path) -> None:
    subprocess.run(("tar", "-xzf", package, "-C", tmp_path), check=True)
    directory = tmp_path / "vault_2.1.1_package"
    bare = tmp_path / "manifest-of-2.1.1.json"
    bare.write_bytes((directory / "manifest.json").read_bytes())
    found = read_previous(package)
    assert (found.application, found.version, found.images[0].reference) == (
        "vault",
        "2.1.1",
        "vault/web:2.1.1",
    )
    assert read_previous(directory) == read_previous(bare) == found


def test_any_part_is_enough_to_name_a_package(tmp_path: Path) -> None:
    big = release("2.1.1", layer(*(f"app/{number}" for number in range(3000))))
    whole = write(tmp_path, "2.1.1", big, output_format=OutputFormat("none", 10**6))
    parts = sorted(tmp_path.glob("*.tar.0*"))
    assert len(parts) > 1
    assert read_previous(parts[-1]) == read_previous(whole) == read_previous(parts[0])


@pytest.mark.parametrize("name", ["nothing.tar.gz", "nothing.json"])
def test_a_package_that_is_not_there_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageProblem, match="does not exist"):
        read_previous(tmp_path / name)


def test_another_json_file_is_no_package(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_text("{}")
    with pytest.raises(BadPackage, match="The package of the previous release cannot be read"):
        read_previous(tmp_path / "package.json")


def test_a_base_has_the_layers_whose_place_is_known_in_the_order_of_the_images(package: Path) -> None:
    found = since_release(read_previous(package))
    images = [image(OS_ID, LIBRARIES_ID, NEW_ID), image(OS_ID, APP_ID), image(NEW_ID, APP_ID)]
    assert base_of(found, "vault", images) == Base(
        "vault", "2.1.1", found.manifest_sha256, (OS_ID, LIBRARIES_ID)
    )
    assert found.layers_size_bytes == len(OS) + len(LIBRARIES) + len(APP)


def test_a_site_is_a_base_without_a_version(tmp_path: Path) -> None:
    found = since_site(inventory(tmp_path))
    assert base_of(found, "vault", [image(OS_ID, APP_ID), image(OS_ID, LIBRARIES_ID)]) == Base(
        "vault", None, None, (OS_ID, APP_ID)
    )


def test_a_base_for_another_platform_is_refused(package: Path) -> None:
    with pytest.raises(Refused) as told:
        base_of(since_release(read_previous(package)), "vault", [image(OS_ID, platform="linux/arm64")])
    assert told.value.details == ("Base: linux/amd64; images: linux/arm64",)


def test_a_package_builds_on_one_thing_only(package: Path, tmp_path: Path) -> None:
    for previous, for_site in ((package, None), (None, inventory(tmp_path))):
        with pytest.raises(UsageProblem, match="--since cannot be combined"):
            read_before(previous, package, for_site)
    both = read_before(package, None, inventory(tmp_path))
    assert both.release == read_previous(package)
    assert both.since == since_site(inventory(tmp_path))


def test_the_inventory_of_a_site_of_another_application_is_refused(tmp_path: Path) -> None:
    project = find_project(shop(tmp_path))
    found = since_site(inventory(tmp_path))
    with pytest.raises(UsageProblem, match="A package of shop cannot build on vault"):
        plan_export(project, "2.1.2", NO_GIT, tmp_path, since=found)
    nobody = since_site(inventory(tmp_path, replace(SITE, installed=None)))
    plan = plan_export(project, "2.1.2", NO_GIT, tmp_path, since=nobody)
    assert plan.package.name == "shop_2.1.2_package_for_site.tar.gz"


def test_the_plan_says_what_it_builds_on(package: Path, tmp_path: Path) -> None:
    found = replace(since_release(read_previous(package)), application="shop")
    plan = plan_export(find_project(shop(tmp_path)), "2.1.2", NO_GIT, tmp_path, since=found)
    short = (found.manifest_sha256 or "")[:12]
    assert plan_lines(plan)[-3:] == [
        f"Builds on: 2.1.1 (manifest {short})",
        "  Left out: layers that the base has, at most 30.0 KiB",
        f"Package: {tmp_path / 'shop_2.1.2_package_since_2.1.1.tar.gz'}",
    ]
    assert plan_document(plan, LeftOut(2, 20480, 4096))["since"] == {
        "application": "shop",
        "version": "2.1.1",
        "manifest_sha256": found.manifest_sha256,
        "written_at": None,
        "layers_size_bytes": 30720,
        "left_out_layers": 2,
        "left_out_size_bytes": 20480,
        "left_out_python_size_bytes": 4096,
    }


def test_what_a_package_leaves_out_stands_in_its_own_manifest(package: Path, tmp_path: Path) -> None:
    images = release("2.1.2", APP, layer("app/2"))
    delta = write(tmp_path, "2.1.2", images, since(package, images))
    assert read_left_out(delta) == LeftOut(3, len(OS) + len(LIBRARIES) + len(APP))
    assert read_left_out(package) == LeftOut(0, 0)


def test_the_python_is_left_out_as_a_whole_where_the_base_has_exactly_the_same(tmp_path: Path) -> None:
    found = since_release(read_previous(write(tmp_path, "2.1.1", IMAGES, python=PYTHON)))
    base = base_of(found, "vault", [])
    same = tuple(file for file in found.files if file.path in PYTHON)
    longer = (*same, File("runtime/lib/libz.so.1", "0" * 64, 1, 0o644))
    for one in (same, longer, same[1:], (replace(same[0], mode=0o600), *same[1:]), ()):
        left_out = tuple(sorted(PYTHON)) if one == same else ()
        assert with_left_out_files(base, found, one) == replace(base, files=left_out)


def test_a_delta_says_what_its_python_would_weigh(tmp_path: Path) -> None:
    old = write(tmp_path, "2.1.1", IMAGES, python=PYTHON)
    images = release("2.1.2", APP, layer("app/2"))
    base = replace(since(old, images), files=tuple(sorted(PYTHON)))
    delta = write(tmp_path, "2.1.2", images, base, python=PYTHON)
    assert read_left_out(delta).python_size_bytes == sum(map(len, PYTHON.values()))
    assert manifest_of(delta)[0].format == 3
    assert manifest_of(old)[0].format == 2
