"""A whole package and deltas give the whole package of the last release, byte for byte."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Base
from installer.errors import BadPackage, Refused, UsageProblem
from packager.combine.combine import combine
from packager.compression.output_format import OutputFormat
from tests.packager.delta_packages import PYTHON, QUIET, manifest_of, release, since, write
from tests.packager.saved_images import digest, layer

FIRST = release("2.1.1", layer("app/1"))
SECOND = release("2.1.2", layer("app/1"), layer("app/2"))
THIRD = release("2.1.3", layer("app/3"))
WHOLE = "vault_2.1.1_package.tar.gz"
DELTA_2 = "vault_2.1.2_package_since_2.1.1.tar.gz"
DELTA_3 = "vault_2.1.3_package_since_2.1.2.tar.gz"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2.1.1 whole, 2.1.2 since 2.1.1, 2.1.3 since 2.1.2."""
    folder = tmp_path_factory.mktemp("packages")
    first = write(folder, "2.1.1", FIRST)
    second = write(folder, "2.1.2", SECOND, since(first, SECOND))
    write(folder, "2.1.3", THIRD, since(second, THIRD))
    return folder


def refused(folder: Path, *names: str) -> Refused:
    output = folder / "none"
    with pytest.raises(Refused) as problem:
        combine([folder / name for name in names], output, QUIET)
    assert not output.exists()
    return problem.value


def test_a_delta_carries_only_what_its_base_lacks(folder: Path) -> None:
    manifest, _sha256 = manifest_of(folder / DELTA_3)
    new = f"sha256:{digest(layer('app/3'))}"
    assert manifest.base is not None
    used = {one.diff_id for image in manifest.images for one in image.layers}
    assert used - set(manifest.base.layers) == {new}


def test_one_delta_and_its_base_give_the_whole_package(folder: Path, tmp_path: Path) -> None:
    made = combine([folder / WHOLE, folder / DELTA_2], tmp_path, QUIET)
    (tmp_path / "whole").mkdir()
    assert made.name == "vault_2.1.2_package.tar.gz"
    assert made.read_bytes() == write(tmp_path / "whole", "2.1.2", SECOND).read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == [made.name, f"{made.name}.sha256", "whole"]


def test_a_chain_of_deltas_gives_the_whole_package_of_the_last(folder: Path, tmp_path: Path) -> None:
    made = combine([folder / WHOLE, folder / DELTA_2, folder / DELTA_3], tmp_path, QUIET)
    (tmp_path / "whole").mkdir()
    assert made.read_bytes() == write(tmp_path / "whole", "2.1.3", THIRD).read_bytes()


def test_it_is_compressed_as_the_last_package_is_and_read_from_parts(tmp_path: Path) -> None:
    big = release("2.1.1", layer(*(f"app/{number}" for number in range(4000))))
    first = write(tmp_path, "2.1.1", big, output_format=OutputFormat("none", 10**6))
    assert not first.exists()
    after = release("2.1.2", layer("app/2"))
    second = write(tmp_path, "2.1.2", after, since(first, after), OutputFormat("none"))
    made = combine([first, second], tmp_path / "out", QUIET)
    (tmp_path / "whole").mkdir()
    whole = write(tmp_path / "whole", "2.1.2", after, output_format=OutputFormat("none"))
    assert made.name == "vault_2.1.2_package.tar"
    assert made.read_bytes() == whole.read_bytes()


def test_the_wrong_order_is_told_with_the_right_one(folder: Path) -> None:
    told = refused(folder, WHOLE, DELTA_3, DELTA_2)
    assert (told.happened, told.details) == (
        "The packages do not build on each other in this order.",
        (
            f"{DELTA_3} builds on 2.1.2, but the package before it is 2.1.1",
            f"{DELTA_2} builds on 2.1.1, but the package before it is 2.1.3",
        ),
    )
    assert told.hint == f"Specify them in this order: airlock combine {WHOLE} {DELTA_2} {DELTA_3}"


def test_a_hole_is_told_with_the_release_that_is_missing(folder: Path) -> None:
    told = refused(folder, WHOLE, DELTA_3)
    assert told.details == (f"{DELTA_3} builds on 2.1.2, but the package before it is 2.1.1",)
    assert told.hint == "Add the package of 2.1.2: the whole package, or a delta that builds it."


def test_a_delta_alone_is_told_what_it_builds_on(folder: Path) -> None:
    told = refused(folder, DELTA_2)
    assert told.details == (f"{DELTA_2} builds on 2.1.1, which must come before it",)
    assert told.hint == "Add the package of 2.1.1: the whole package, or a delta that builds it."


def test_a_whole_package_alone_is_left_as_it_is(folder: Path) -> None:
    told = refused(folder, WHOLE)
    assert told.details == (f"{WHOLE} is already a whole package",)
    assert told.hint == "Start with a whole package, and put each delta after the release that it builds on."


def test_the_result_never_replaces_what_it_is_made_of(folder: Path, tmp_path: Path) -> None:
    base = tmp_path / "vault_2.1.2_package.tar.gz"
    base.write_bytes((folder / WHOLE).read_bytes())
    with pytest.raises(UsageProblem, match="The result would overwrite"):
        combine([base, folder / DELTA_2], tmp_path, QUIET)
    assert base.read_bytes() == (folder / WHOLE).read_bytes()


def test_nothing_can_stand_before_a_whole_package(folder: Path) -> None:
    told = refused(folder, DELTA_2, WHOLE)
    assert told.details == (
        f"{DELTA_2} builds on 2.1.1, which must come before it",
        f"{WHOLE} is a whole package: no package can come before it",
    )
    assert told.hint == f"Specify them in this order: airlock combine {WHOLE} {DELTA_2}"


def test_a_base_of_another_build_is_told_by_its_manifest(folder: Path, tmp_path: Path) -> None:
    other = write(tmp_path, "2.1.1", release("2.1.1", layer("app/another")))
    told = refused(folder, str(other), DELTA_2)
    base = manifest_of(folder / DELTA_2)[0].base
    assert base is not None
    assert told.happened == (
        "Layers or files are in none of the packages: one is a different build than the delta's base."
    )
    assert told.details == (
        f"{DELTA_2} builds on the package whose manifest.json has the SHA-256 {base.manifest_sha256}",
        f"{WHOLE}: {manifest_of(other)[1]}",
        f"vault/web:2.1.2 needs layer sha256:{digest(layer('app/1'))}",
    )


def test_a_delta_for_a_site_needs_only_its_layers(folder: Path, tmp_path: Path) -> None:
    base = since(folder / WHOLE, SECOND)
    delta = write(tmp_path, "2.1.2", SECOND, Base("vault", None, None, base.layers))
    assert delta.name == "vault_2.1.2_package_for_site.tar.gz"
    made = combine([folder / WHOLE, delta], tmp_path / "out", QUIET)
    (tmp_path / "whole").mkdir()
    assert made.read_bytes() == write(tmp_path / "whole", "2.1.2", SECOND).read_bytes()


def with_python(folder: Path) -> tuple[Path, Path, Path]:
    """2.1.1 whole, and 2.1.2 and 2.1.3 as deltas that leave out its Python."""
    files = tuple(sorted(PYTHON))
    first = write(folder, "2.1.1", FIRST, python=PYTHON)
    second = write(folder, "2.1.2", SECOND, replace(since(first, SECOND), files=files), python=PYTHON)
    third = write(folder, "2.1.3", THIRD, replace(since(second, THIRD), files=files), python=PYTHON)
    return first, second, third


def test_the_python_comes_from_the_package_that_has_it(tmp_path: Path) -> None:
    packages = with_python(tmp_path)
    (tmp_path / "whole").mkdir()
    for count, version, images in ((2, "2.1.2", SECOND), (3, "2.1.3", THIRD)):
        made = combine(packages[:count], tmp_path / "out", QUIET)
        assert made.read_bytes() == write(tmp_path / "whole", version, images, python=PYTHON).read_bytes()


def test_a_base_with_another_python_is_told_by_its_files(tmp_path: Path) -> None:
    _first, second, _third = with_python(tmp_path)
    (tmp_path / "other").mkdir()
    newer = {**PYTHON, "runtime/lib/python311.zip": b"PK newer"}
    other = write(tmp_path / "other", "2.1.1", FIRST, python=newer)
    told = refused(tmp_path, str(other), second.name)
    assert told.happened == (
        "Layers or files are in none of the packages: one is a different build than the delta's base."
    )
    assert told.details[-1] == f"{second.name} needs runtime/lib/python311.zip"


def test_packages_of_two_applications_are_not_combined(folder: Path, tmp_path: Path) -> None:
    other = write(tmp_path, "2.1.1", FIRST, name="shop")
    with pytest.raises(UsageProblem, match="The packages belong to different applications"):
        combine([other, folder / DELTA_2], tmp_path / "out", QUIET)


@pytest.mark.parametrize("name", [WHOLE, DELTA_2])
def test_a_damaged_package_leaves_nothing(folder: Path, tmp_path: Path, name: str) -> None:
    for one in (WHOLE, DELTA_2):
        (tmp_path / one).write_bytes((folder / one).read_bytes())
    raw = bytearray((tmp_path / name).read_bytes())
    raw[-200] ^= 1
    (tmp_path / name).write_bytes(raw)
    with pytest.raises(BadPackage) as told:
        combine([tmp_path / WHOLE, tmp_path / DELTA_2], tmp_path / "out", QUIET)
    assert told.value.happened == f"{name} is damaged or altered."
    assert list((tmp_path / "out").iterdir()) == []


def test_the_damaged_package_is_named_and_not_the_parts_of_another(tmp_path: Path) -> None:
    big = release("2.1.1", layer(*(f"app/{number}" for number in range(3000))))
    first = write(tmp_path, "2.1.1", big, output_format=OutputFormat("none", 10**6))
    (tmp_path / f"{first.name}.sha256").unlink()
    after = release("2.1.2", layer("app/2"))
    second = write(tmp_path, "2.1.2", after, since(first, after))
    second.write_bytes(second.read_bytes()[:-100])
    with pytest.raises(BadPackage) as told:
        combine([first, second], tmp_path / "out", QUIET)
    assert told.value.happened == f"{second.name} is damaged or altered."
    assert not any(first.name in line for line in told.value.details)
