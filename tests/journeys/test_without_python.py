"""Servers without any Python, where packages run with their own."""

import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from testbed.korean_locale import korean_locale
from tests.journeys.packages import ROOT, RUNTIME_IMAGE, Packages
from tests.journeys.site import ENV, copy_release
from tests.packager.contents.test_zipapp import PYTHONS
from tests.testbed.bare_site import BareSite, bare_site, busybox_of, make_bare_root
from tests.testbed.servers import Servers

pytestmark = [pytest.mark.engine, pytest.mark.database]

OTHER_USER = ("setpriv", "--reuid=4242", "--regid=4242", "--clear-groups", "--")
LARGEST_ADDED_BYTES, LARGEST_DELTA_BYTES = 8_000_000, 3_000_000


@pytest.fixture(scope="module")
def busybox(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return busybox_of(servers["online"], tmp_path_factory.mktemp("busybox"))


@pytest.fixture
def bare(servers: Servers, tmp_path: Path, busybox: Path) -> Iterator[BareSite]:
    with bare_site(servers["offline"], tmp_path, busybox) as site:
        yield site


@pytest.fixture(scope="module")
def unpacked(packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """2.1.1 with a Python of its own, unpacked without its images."""
    folder = tmp_path_factory.mktemp("unpacked")
    words = ("tar", "-xzf", packages.with_python("2.1.1"), "--exclude", "*/images.tar")
    subprocess.run(words, cwd=folder, check=True)
    return folder / "customer_vault_2.1.1_package"


@pytest.fixture
def release(unpacked: Path, tmp_path: Path) -> Path:
    """A copy of it in a directory with blanks and Korean letters."""
    folder = tmp_path / "현장 서버"
    folder.mkdir()
    return copy_release(unpacked, folder)


def started(*words: str | Path, **variables: str) -> tuple[int, str, str]:
    done = subprocess.run(
        words, env={"PATH": os.environ["PATH"], **variables}, cwd="/", capture_output=True, check=False
    )
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def test_a_server_without_python_is_installed_upgraded_and_rolled_back(
    bare: BareSite, packages: Packages
) -> None:
    assert bare.type(bare.folder, "sh", "-c", "command -v python3 python").code == 127
    old = bare.unpack(packages.with_python("2.1.1"))
    (old / ".env").write_text(ENV)
    installed = bare.import_(old)
    assert installed.code == 0, installed.told
    assert bare.version() == "2.1.1"
    bare.seed()
    before = bare.dump()
    release = bare.unpack(packages.with_python("2.1.2"))
    upgraded = bare.import_(release)
    assert upgraded.code == 0, upgraded.told
    assert bare.version() == "2.1.2"
    for words in (("backup",), ("backups",), ("migrate", "status"), ("restore", "--yes"), ("verify",)):
        done = bare.type(release, "./airlock", *words)
        assert done.code == 0, done.told
    back = bare.type(release, "./airlock", "rollback", "--yes")
    assert back.code == 0, back.told
    assert (bare.version(), bare.dump()) == ("2.1.1", before)
    assert not any("airlock-python" in path.name for path in (bare.root / "tmp").iterdir())


def test_nothing_but_a_static_busybox_is_needed_to_verify(
    busybox: Path, unpacked: Path, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    make_bare_root(root, busybox)
    for file in ("passwd", "hosts"):
        (root / "etc" / file).unlink()
    shutil.copytree(unpacked, root / "release")
    for words in ("--help", "--version", "verify", "inspect ."):
        code, said, told = started("chroot", root, "/bin/sh", "-c", f"cd /release; ./airlock {words}")
        assert (code, "Note:" in told) == (0, False), told
        assert said
    code, said, _told = started("chroot", root, "/release/import-package.sh", "--help")
    assert (code, said.startswith("Usage: ./airlock import ")) == (0, True)


def test_the_manifest_and_inspect_name_it(unpacked: Path) -> None:
    manifest = json.loads((unpacked / "manifest.json").read_text())
    own = [one for one in manifest["libraries"] if one.startswith("Python ")]
    assert own and re.fullmatch(r"Python 3\.11\.[0-9]+", own[0])
    code, said, _told = started(unpacked / "airlock", "--lang", "en", "inspect", unpacked)
    assert (code, f"Has its own {own[0]}, " in said) == (0, True)


def test_it_adds_at_most_8_megabytes(packages: Packages) -> None:
    sizes = [package.stat().st_size for package in (packages.with_python("2.1.1"), packages["2.1.1"])]
    assert sizes[0] - sizes[1] < LARGEST_ADDED_BYTES


def test_every_locale_is_served_from_a_directory_with_korean_letters(release: Path) -> None:
    for locale in ("C", "POSIX", "ko_KR.UTF-8", "en_US.UTF-8"):
        code, _said, told = started(release / "airlock", "--lang", "ko", "verify", "고객", LC_ALL=locale)
        assert (code, told.splitlines()[0]) == (2, "오류: 고객 경로가 없습니다."), locale


def test_a_user_who_may_not_write_is_served(unpacked: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="현장 서버 ") as folder:
        Path(folder).chmod(0o755)
        release = copy_release(unpacked, Path(folder))
        code, said, told = started(*OTHER_USER, release / "airlock", "--version")
    assert (code, said, told) == (0, "airlock, version 0.1.0\n", "")


def test_a_terminal_in_euc_kr_gets_its_own_encoding(release: Path) -> None:
    words = (release / "airlock", "verify", "고객/없음")
    environment = {"PATH": os.environ["PATH"], "LOCPATH": str(korean_locale()), "LC_ALL": "ko_KR.EUC-KR"}
    done = subprocess.run(words, env=environment, capture_output=True, check=False)
    assert done.stderr.decode("euc_kr").splitlines()[0] == "오류: 고객/없음 경로가 없습니다."


def test_on_a_medium_without_programs_a_copy_runs_and_is_deleted(unpacked: Path, tmp_path: Path) -> None:
    """Alone among mounts of its own: the medium, and a folder for temporary files that may run programs."""
    script = """
    mount -t tmpfs -o noexec medium "$1"
    cp -R "$2" "$1/release"
    rm -rf "$3"/*
    PATH=$4 TMPDIR=$3 sh "$1/release/airlock" --version
    ls -A "$3"
    """
    tools, medium, temporary = (tmp_path / name for name in ("tools", "medium", "tmp"))
    for folder in (tools, medium, temporary):
        folder.mkdir()
    for name in ("sh", "cp", "mkdir", "rm", "uname"):
        (tools / name).symlink_to(shutil.which(name) or name)
    own = ("unshare", "--mount", "--propagation", "private", "sh", "-euc", script, "sh")
    assert started(*own, medium, unpacked, temporary, tools) == (0, "airlock, version 0.1.0\n", "")
    code, said, told = started(*own, medium, unpacked, temporary, os.environ["PATH"])
    assert (code, said) == (0, "airlock, version 0.1.0\n")
    assert told.startswith("Note: using ") and "does not allow running programs from" in told


def test_programs_that_it_starts_get_the_environment_of_the_person(unpacked: Path, tmp_path: Path) -> None:
    docker = tmp_path / "docker"
    docker.write_text(f"#!/bin/sh\nenv > {tmp_path}/seen\nexit 1\n")
    docker.chmod(0o755)
    given = {"LD_LIBRARY_PATH": "/nowhere", "PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere"}
    words = (unpacked / "airlock", "inventory")
    subprocess.run(words, cwd=unpacked, env={"PATH": f"{tmp_path}:/usr/bin:/bin", **given}, check=False)
    seen = dict(line.split("=", 1) for line in (tmp_path / "seen").read_text().splitlines())
    assert {name: value for name, value in seen.items() if name.startswith(("LD_", "PYTHON"))} == given


def test_another_python_runs_the_same_installer_from_its_sources(unpacked: Path) -> None:
    for python in PYTHONS:
        code, said, told = started(unpacked / "airlock", "--version", AIRLOCK_PYTHON=str(python))
        assert (code, said, told) == (0, "airlock, version 0.1.0\n", ""), python


def test_the_same_image_gives_the_same_bytes(packages: Packages, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    packages.export("2.1.1", packages.source("2.1.1"), again, "--runtime", RUNTIME_IMAGE)
    name = packages.with_python("2.1.1").name
    assert (again / name).read_bytes() == packages.with_python("2.1.1").read_bytes()


def test_a_delta_leaves_it_out_and_makes_the_whole_package_again(packages: Packages, tmp_path: Path) -> None:
    base, source, made = packages.with_python("2.1.1"), packages.source("2.1.2"), tmp_path / "made"
    for option in ("--since", "--previous"):
        packages.export("2.1.2", source, tmp_path, option, base, "--runtime", RUNTIME_IMAGE)
    delta, whole = sorted(tmp_path.glob("*.tar.gz"), key=lambda package: package.stat().st_size)
    assert delta.stat().st_size < LARGEST_DELTA_BYTES
    for words in (("combine", base, delta), ("delta", base, whole)):
        command = (sys.executable, "-m", "packager", *words, "--output", made)
        subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert (made / whole.name).read_bytes() == whole.read_bytes()
    assert (made / delta.name).read_bytes() == delta.read_bytes()


def test_a_delta_starts_with_the_python_of_its_base_and_the_import_copies_it(
    bare: BareSite, packages: Packages, tmp_path: Path
) -> None:
    old = bare.unpack(packages.with_python("2.1.1"))
    (old / ".env").write_text(ENV)
    assert bare.import_(old).code == 0
    words = ("--since", packages.with_python("2.1.1"), "--runtime", RUNTIME_IMAGE)
    packages.export("2.1.2", packages.source("2.1.2"), tmp_path, *words)
    delta = tmp_path / "customer_vault_2.1.2_package_since_2.1.1.tar.gz"
    subprocess.run(("tar", "-xzf", delta), cwd=bare.folder, check=True)
    release = bare.folder / "customer_vault_2.1.2_package"
    verified = bare.type(release, "./airlock", "verify")
    assert (verified.code, (release / "runtime").exists()) == (0, False), verified.told
    assert "Its Python is not here: it is that of 2.1.1." in verified.told

    shown = bare.import_(release, "--dry-run")
    assert (shown.code, (release / "runtime").exists()) == (0, False), shown.told
    assert "".join(f"The Python that the package leaves out is in {old}".split()) in "".join(
        shown.told.split()
    )

    (old / "runtime").rename(old / "hidden")
    refused = bare.import_(release)
    assert refused.code == 3, refused.told
    assert "no directory beside this one has the same." in refused.told
    (old / "hidden").rename(old / "runtime")

    upgraded = bare.import_(release)
    assert upgraded.code == 0, upgraded.told
    assert f"Copied the Python of the package from {old}." in upgraded.told
    assert bare.version() == "2.1.2"
    shutil.rmtree(old / "runtime")
    verified = bare.type(release, "./airlock", "verify")
    assert verified.code == 0, verified.told
    assert "Its Python is not here" not in verified.told
    back = bare.type(release, "./airlock", "rollback", "--yes")
    assert (back.code, bare.version()) == (0, "2.1.1"), back.told


def test_the_licences_of_all_that_travels_are_there(packages: Packages) -> None:
    with tarfile.open(packages.with_python("2.1.1")) as archive:
        names = [name.partition("/runtime/licences/")[2] for name in archive.getnames()]
    assert "python" in names
