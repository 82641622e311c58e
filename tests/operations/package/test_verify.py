import gzip
import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.layout import IMAGES, MANIFEST, SIGNATURE, SUMS
from installer.bundle.manifest.manifest import Base
from installer.errors import BadPackage, UsageProblem
from installer.operations.adaptations.changed_files import compare_command
from installer.operations.package.verify import (
    Verified,
    verified,
    verified_document,
    verify,
    verify_directory,
    verify_file,
)
from installer.screen.console import Console
from installer.site.kept_record import Kept, KeptFile, record_kept
from installer.site.release_record import ReleaseRecord, record_release
from installer.system.files.files import partial_name
from tests.bundle.builders import (
    CONTENTS,
    LAYER,
    SCRIPT,
    a_manifest,
    a_package_directory,
    a_package_file,
    all_contents,
    compressed,
    entries_of,
    made,
    release_with,
    root_of,
    sha256,
)
from tests.bundle.images_tar import diff_id, images_tar

ROOT = root_of(a_manifest())
ALL = Verified(a_manifest(), a_manifest().files)
QUIET = Console(story=io.StringIO(), verbosity="quiet")
GZIP_HEADER_BYTES_WITHOUT_MEANING = range(4, 10)  # time, compression level and operating system: not content


def test_a_valid_package_is_verified_as_file_and_as_directory(tmp_path: Path) -> None:
    assert verify(a_package_file(tmp_path), QUIET) == ALL
    assert verify(a_package_directory(tmp_path), QUIET) == ALL


def test_a_directory_may_lack_its_images_which_is_said(tmp_path: Path) -> None:
    root = a_package_directory(tmp_path)
    (root / IMAGES).unlink()
    found = verify(root, QUIET)
    assert found == Verified(a_manifest(), tuple(f for f in a_manifest().files if f.path != IMAGES))
    assert verified(found) == (
        "Customer Vault 2.1.2: 6 files verified, 86 B. images.tar is not here, only in the package."
    )
    assert verified_document(found) == {
        "verified": True,
        "application": "customer_vault",
        "version": "2.1.2",
        "files": 6,
        "size_bytes": 86,
        "edited": [],
        "changed": [],
        "absent": ["images.tar"],
    }


def test_the_result_is_told_to_people_and_programs() -> None:
    assert verified(ALL) == "Customer Vault 2.1.2: 7 files verified, 16.6 KiB."
    assert verified_document(ALL) == {
        "verified": True,
        "application": "customer_vault",
        "version": "2.1.2",
        "files": 7,
        "size_bytes": 16982,
        "edited": [],
        "changed": [],
        "absent": [],
    }


def test_what_is_not_there_or_not_a_package_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(UsageProblem, match="does not exist"):
        verify(tmp_path / "nothing", QUIET)
    with pytest.raises(BadPackage, match=r"is not an unpacked package: it has no manifest\.json"):
        verify(tmp_path, QUIET)
    (tmp_path / "text").write_text("text")
    with pytest.raises(BadPackage, match="text is not a package"):
        verify(tmp_path / "text", QUIET)


# A package file, damaged


def test_a_byte_that_changes_unnoticed_changes_no_content(tmp_path: Path) -> None:
    """The header's time, level and system say nothing of content; deflate has two ways to say the same."""
    package = a_package_file(tmp_path)
    raw = package.read_bytes()
    unnoticed = [place for place in range(len(raw)) if not _is_refused(package, _flipped(raw, place))]
    assert unnoticed[:6] == list(GZIP_HEADER_BYTES_WITHOUT_MEANING)
    assert {gzip.decompress(_flipped(raw, place)) for place in unnoticed} == {gzip.decompress(raw)}


@pytest.mark.parametrize("step", [97, pytest.param(5, marks=pytest.mark.long)])
def test_no_byte_of_the_archive_inside_can_change_unnoticed(tmp_path: Path, step: int) -> None:
    package = tmp_path / "package.tar.gz"
    inner = b"".join(entries_of(a_manifest(), CONTENTS)) + END_OF_ARCHIVE
    unnoticed = [
        place
        for place in range(0, len(inner), step)
        if not _is_refused(package, compressed([_flipped(inner, place)], b""))
    ]
    assert unnoticed == []


@pytest.mark.parametrize("step", [13, pytest.param(1, marks=pytest.mark.long)])
def test_no_end_can_be_cut_off_unnoticed(tmp_path: Path, step: int) -> None:
    package = a_package_file(tmp_path)
    raw = package.read_bytes()
    lengths = [*range(0, len(raw), step), *range(len(raw) - 20, len(raw))]
    assert [length for length in lengths if not _is_refused(package, raw[:length])] == []


def test_no_end_of_the_archive_inside_can_be_cut_off_unnoticed(tmp_path: Path) -> None:
    package = tmp_path / "package.tar.gz"
    inner = b"".join(entries_of(a_manifest(), CONTENTS)) + END_OF_ARCHIVE
    cuts = [*range(0, len(inner), 97), *range(0, len(inner), 512), len(inner) - 1]
    assert [cut for cut in cuts if not _is_refused(package, compressed([inner[:cut]], b""))] == []


def test_a_truncated_package_is_refused_with_the_place(tmp_path: Path) -> None:
    package = a_package_file(tmp_path)
    inner = b"".join(entries_of(a_manifest(), CONTENTS))
    package.write_bytes(compressed([inner[: inner.index(LAYER) + 700]], b""))
    assert _problems(package) == ("images.tar: the package is damaged from here on: it ends too early",)


@pytest.mark.parametrize("rest", [b"garbage", bytes(512), b"\x1f\x8b"])
def test_bytes_behind_the_package_are_refused(tmp_path: Path, rest: bytes) -> None:
    package = a_package_file(tmp_path)
    assert _is_refused(package, package.read_bytes() + rest)


# A package whose checksums are right, and its images not


def test_a_layer_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    forged = images_tar(made(), instead={LAYER: LAYER[:-1] + b"x"})
    manifest, contents = release_with(forged, made())
    for place in (
        a_package_file(tmp_path, contents, manifest),
        a_package_directory(tmp_path, contents, manifest),
    ):
        with pytest.raises(BadPackage) as refused:
            verify(place, QUIET)
        assert str(refused.value) == (
            "images.tar does not contain the images that the manifest lists.\n"
            f"  the layer {diff_id(LAYER)} is damaged or altered\n"
            "Ask the vendor for a new package: this one was built incorrectly."
        )


def test_a_config_that_is_not_what_its_name_says_is_refused(tmp_path: Path) -> None:
    config = made().config
    forged = images_tar(made()).replace(config, config.replace(b"linux", b"linus"))
    manifest, contents = release_with(forged, made())
    (problem,) = _problems(a_package_file(tmp_path, contents, manifest))
    assert problem.startswith(f"{made().reference}: the digest of its config is sha256:")


def test_a_layer_may_be_absent_only_where_the_manifest_leaves_it_out(tmp_path: Path) -> None:
    manifest, contents = release_with(images_tar(made(), without=[LAYER]), made())
    assert _problems(a_package_file(tmp_path, contents, manifest)) == (f"{diff_id(LAYER)}: is missing",)
    delta = replace(manifest, base=Base("customer_vault", "2.1.1", "1" * 64, (diff_id(LAYER),)))
    assert verify(a_package_file(tmp_path, contents, delta), QUIET) == Verified(delta, delta.files)


# A package file, put together wrongly


def test_all_problems_of_a_package_file_are_told_together(tmp_path: Path) -> None:
    contents = {path: content for path, content in CONTENTS.items() if path != "airlock"}
    contents |= {"docker-compose.yml": b"services: []\n", "proxy/nginx.conf": b"", "extra": b"x"}
    assert _problems(a_package_file(tmp_path, contents, a_manifest())) == (
        "docker-compose.yml: is damaged or altered",
        "extra: is not listed in manifest.json",
        "proxy/nginx.conf: has 0 bytes instead of 10",
        "airlock: is missing",
    )


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (f"{ROOT}/../evil", "leaves the directory through `..`"),
        ("../evil", "leaves the directory through `..`"),
        ("/etc/evil", "is absolute"),
        ("other/evil", f"is outside {ROOT}"),
        (f"{ROOT}-evil/x", f"is outside {ROOT}"),
        (f"{ROOT}/a\nb", "contains unprintable characters"),
        (f"{ROOT}/./proxy/nginx.conf", "has an empty or `.` part"),
        (f"{ROOT}/{MANIFEST}", "appears twice, or differs only in case"),
        (f"{ROOT}/proxy/nginx.conf", "appears twice, or differs only in case"),
        (f"{ROOT}/Docker-Compose.yml", "appears twice, or differs only in case"),
        (f"{ROOT}/extra", "is not listed in manifest.json"),
        (f"{ROOT}/{SIGNATURE}", "must come directly after manifest.json"),
        (ROOT, "is not listed in manifest.json"),
    ],
)
def test_an_entry_with_a_wrong_name_is_refused(tmp_path: Path, name: str, problem: str) -> None:
    shown = name.removeprefix(f"{ROOT}/").replace("\n", "\\n")
    assert _problems(_with(tmp_path, entry(name, b"evil"))) == (f"{shown}: {problem}",)


@pytest.mark.parametrize(
    ("type_flag", "problem"),
    [
        (tarfile.SYMTYPE, "is a symbolic link"),
        (tarfile.LNKTYPE, "is a hard link"),
        (tarfile.CHRTYPE, "is a device"),
        (tarfile.BLKTYPE, "is a device"),
        (tarfile.FIFOTYPE, "is a named pipe"),
        (tarfile.CONTTYPE, "is not a regular file"),
        (tarfile.AREGTYPE, "is not a regular file"),
        (tarfile.GNUTYPE_LONGNAME, "is not a regular file"),
        (tarfile.XGLTYPE, "is not a regular file"),
        (tarfile.DIRTYPE, "is not listed in manifest.json"),
    ],
)
def test_an_entry_that_is_no_file_is_refused(tmp_path: Path, type_flag: bytes, problem: str) -> None:
    assert _problems(_with(tmp_path, _header(f"{ROOT}/evil", type=type_flag))) == (f"evil: {problem}",)


def test_a_listed_file_that_is_a_link_is_refused_as_such(tmp_path: Path) -> None:
    entries = entries_of(a_manifest(), CONTENTS)
    place = next(index for index, one in enumerate(entries) if one.startswith(f"{ROOT}/airlock".encode()))
    entries[place] = _header(f"{ROOT}/airlock", type=tarfile.SYMTYPE, linkname="/bin/sh")
    package = tmp_path / "package.tar.gz"
    package.write_bytes(compressed(entries))
    assert _problems(package) == ("airlock: is a symbolic link",)


def test_folders_of_listed_files_may_be_entries(tmp_path: Path) -> None:
    folders = _header(ROOT, type=tarfile.DIRTYPE) + _header(f"{ROOT}/proxy", type=tarfile.DIRTYPE)
    assert verify_file(_with(tmp_path, folders), QUIET) == a_manifest()


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"mode": 0o4755}, "has mode 4755 instead of 0755"),
        ({"mode": 0o644}, "has mode 0644 instead of 0755"),
        ({"uid": 1000}, "belongs to user 1000 and group 0"),
    ],
)
def test_rights_that_tar_would_give_by_hand_must_be_those_of_the_manifest(
    tmp_path: Path, changes: dict[str, int], problem: str
) -> None:
    entries = entries_of(a_manifest(), CONTENTS)
    place = next(index for index, one in enumerate(entries) if one.startswith(f"{ROOT}/airlock".encode()))
    size = len(CONTENTS["airlock"])
    entries[place] = (
        _header(f"{ROOT}/airlock", **{"mode": 0o755, "size": size, **changes}) + entries[place][512:]
    )
    package = tmp_path / "package.tar.gz"
    package.write_bytes(compressed(entries))
    assert _problems(package) == (f"airlock: {problem}",)


def test_checksums_that_do_not_agree_with_the_manifest_are_refused(tmp_path: Path) -> None:
    contents = {**CONTENTS}
    entries = entries_of(a_manifest(), contents)
    wrong = a_manifest({**contents, "airlock": b"other"})
    entries[1] = entries_of(wrong, {**contents, "airlock": b"other"})[1]
    package = tmp_path / "package.tar.gz"
    package.write_bytes(compressed(entries))
    assert _problems(package) == (f"{SUMS}: does not match manifest.json",)


def test_a_manifest_that_is_not_first_makes_no_package(tmp_path: Path) -> None:
    entries = entries_of(a_manifest(), CONTENTS)
    package = tmp_path / "package.tar.gz"
    package.write_bytes(compressed(entries[1:]))
    assert _problems(package) == ("it does not begin with manifest.json",)


def test_a_huge_manifest_is_refused_before_it_is_read(tmp_path: Path) -> None:
    package = tmp_path / "package.tar.gz"
    package.write_bytes(compressed([_header(f"{ROOT}/{MANIFEST}", size=1 << 40)], b""))
    assert _problems(package) == ("its manifest.json has 1099511627776 bytes",)


def test_the_root_folder_must_bear_the_name_of_the_release(tmp_path: Path) -> None:
    application = replace(a_manifest().application, version="9.9.9")
    manifest = a_manifest(application=application)
    contents = all_contents(manifest, CONTENTS)
    modes = {file.path: file.mode for file in manifest.files}
    entries = [entry(f"{ROOT}/{path}", raw, modes.get(path, 0o644)) for path, raw in contents.items()]
    package = tmp_path / "package.tar.gz"
    package.write_bytes(compressed(entries))
    assert _problems(package) == (f"{ROOT}: the root folder must be named customer_vault_9.9.9_package",)


def test_a_signature_is_allowed_behind_the_manifest_and_nowhere_else(tmp_path: Path) -> None:
    entries = entries_of(a_manifest(), CONTENTS)
    signature = entry(f"{ROOT}/{SIGNATURE}", b"-----BEGIN SSH SIGNATURE-----\n")
    package = tmp_path / "package.tar.gz"
    package.write_bytes(compressed([entries[0], signature, *entries[1:]]))
    assert verify_file(package, QUIET) == a_manifest()
    large = entry(f"{ROOT}/{SIGNATURE}", b"x" * 70_000)
    package.write_bytes(compressed([entries[0], large, *entries[1:]]))
    assert _problems(package) == (f"{SIGNATURE}: has 70000 bytes",)


# A directory


def test_a_directory_in_use_is_still_the_package(tmp_path: Path) -> None:
    root = a_package_directory(tmp_path)
    for path in ("data/mariadb/ibdata1", "uploads/photo.jpg", ".env", "backups/x.sql.gz", ".airlock/runs/1"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(b"the site's")
    (root / "uploads/link").symlink_to("/etc/passwd")
    (root / SIGNATURE).write_bytes(b"signature")
    assert verify_directory(root, QUIET) == a_manifest()


def test_what_a_killed_import_left_half_copied_is_no_damage(tmp_path: Path) -> None:
    root = a_package_directory(tmp_path)
    for path in ("uploads/2", "data/mariadb", "proxy/nginx.conf", ".env"):
        partial_name(root / path).mkdir(parents=True)
    assert verify_directory(root, QUIET) == a_manifest()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda root: (root / "airlock").unlink(), "airlock: is missing"),
        (lambda root: (root / "extra").touch(), "extra: is not listed in manifest.json"),
        (lambda root: (root / "empty").mkdir(), "empty: is not listed in manifest.json"),
        (
            lambda root: (root / "data").mkdir() or (root / "data/x").touch(),
            "data/x: is not listed in manifest.json",
        ),
        (lambda root: (root / "proxy/a\nb").touch(), "proxy/a\\nb: is not listed in manifest.json"),
        (lambda root: (root / "airlock").write_bytes(b"#!/bin/zh\n"), "airlock: is damaged or altered"),
        (
            lambda root: (root / "proxy/nginx.conf").write_bytes(b"Events {}\n"),
            "proxy/nginx.conf: is damaged or altered",
        ),
        (lambda root: (root / "airlock").write_bytes(b""), "airlock: has 0 bytes instead of 10"),
        (
            lambda root: _replaced(root / "airlock").symlink_to("import-package.sh"),
            "airlock: is a symbolic link",
        ),
        (lambda root: os.mkfifo(_replaced(root / "airlock")), "airlock: is a named pipe"),
        (lambda root: os.mkfifo(root / SIGNATURE), f"{SIGNATURE}: is a named pipe"),
        (lambda root: (root / SUMS).write_bytes(b""), f"{SUMS}: does not match manifest.json"),
        (lambda root: (root / SUMS).unlink(), f"{SUMS}: is missing"),
        (lambda root: (root / "data").write_bytes(b""), "data: is not a folder"),
    ],
)
def test_a_changed_directory_is_refused(
    tmp_path: Path, change: Callable[[Path], object], problem: str
) -> None:
    root = a_package_directory(tmp_path)
    change(root)
    with pytest.raises(BadPackage) as refused:
        verify_directory(root, QUIET)
    assert refused.value.details == (problem,)


# A directory whose release was imported


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    root = a_package_directory(tmp_path)
    record_release(root, ReleaseRecord("customer_vault", "2.1.2", "customer-vault", "", "", None, None))
    return root


def test_a_text_that_changed_since_the_import_is_named_as_edited_or_damaged(installed: Path) -> None:
    (installed / "proxy/nginx.conf").write_bytes(b"events {worker_connections 9;}\n")
    found = verify(installed, QUIET)
    assert found == Verified(a_manifest(), a_manifest().files, changed=("proxy/nginx.conf",))
    assert verified(found) == (
        "Customer Vault 2.1.2: 7 files verified, 16.6 KiB.\n"
        "Edited or damaged since the import: proxy/nginx.conf\n"
        "To see the difference: tar -xOf PACKAGE customer_vault_2.1.2_package/FILE | diff - FILE"
    )
    assert verified_document(found)["changed"] == ["proxy/nginx.conf"]


def test_a_kept_file_that_is_edited_again_counts_as_changed(installed: Path) -> None:
    (installed / "proxy/nginx.conf").write_bytes(b"kept")
    (installed / "proxy/extra.conf").write_bytes(b"edited")
    kept = (("proxy/nginx.conf", b"kept"), ("proxy/extra.conf", b"as it was kept"))
    record_kept(installed, Kept(tuple(KeptFile(path, sha256(content)) for path, content in kept)))
    assert verify(installed, QUIET) == Verified(
        a_manifest(), a_manifest().files, ("proxy/nginx.conf",), ("proxy/extra.conf",)
    )


def test_an_import_is_warned_of_it(installed: Path) -> None:
    (installed / "proxy/nginx.conf").write_bytes(b"edited")
    story = io.StringIO()
    assert verify_directory(installed, Console(story=story)) == a_manifest()
    warning = "Warning: Edited or damaged since the import: proxy/nginx.conf\n"
    assert warning in story.getvalue()


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        ("proxy/nginx.conf", b"", "has 0 bytes instead of 10"),
        ("proxy/nginx.conf", b"events\0{}\n", "is damaged or altered"),
        ("docker-compose.yml", b"services: []\n", "is damaged or altered"),
        (SCRIPT, b"CREATE TABLE users (id INT);;", "is damaged or altered"),
        ("airlock", b"#!/bin/zh\n", "is damaged or altered"),
        ("proxy/new.conf", b"new", "is not listed in manifest.json"),
    ],
)
def test_what_no_site_edits_is_refused_with_the_way_to_compare(
    installed: Path, path: str, content: bytes, problem: str
) -> None:
    (installed / path).write_bytes(content)
    with pytest.raises(BadPackage) as refused:
        verify(installed, QUIET)
    assert (refused.value.details, refused.value.hint) == (
        (f"{path}: {problem}",),
        "To compare a file with the package, run in this directory: "
        "tar -xOf PACKAGE customer_vault_2.1.2_package/FILE | diff - FILE",
    )


def test_the_command_that_compares_shows_the_difference(tmp_path: Path, installed: Path) -> None:
    package = a_package_file(tmp_path)
    (installed / "proxy/nginx.conf").write_bytes(b"edited\n")
    words = compare_command(a_manifest().application)
    command = words.replace("PACKAGE", str(package)).replace("FILE", "proxy/nginx.conf")
    ran = subprocess.run(["sh", "-c", command], cwd=installed, capture_output=True, check=False)
    assert (ran.stdout, ran.stderr) == (b"1c1\n< events {}\n---\n> edited\n", b"")


def test_a_folder_that_is_a_link_is_refused_and_not_followed(tmp_path: Path) -> None:
    root = a_package_directory(tmp_path)
    (root / "proxy").rename(tmp_path / "proxy")
    (root / "proxy").symlink_to(tmp_path / "proxy")
    with pytest.raises(BadPackage) as refused:
        verify_directory(root, QUIET)
    assert refused.value.details == ("proxy: is not a folder", "proxy/nginx.conf: is missing")


def test_all_problems_of_a_directory_are_told_together(tmp_path: Path) -> None:
    root = a_package_directory(tmp_path)
    shutil.rmtree(root / "prisma")
    (root / "extra").touch()
    with pytest.raises(BadPackage) as refused:
        verify_directory(root, QUIET)
    assert str(refused.value) == "\n".join(
        (
            f"{root} is damaged or altered.",
            "  extra: is not listed in manifest.json",
            f"  {SCRIPT}: is missing",
            "Unpack the package file again, into an empty folder.",
        )
    )


def _with(folder: Path, one: bytes) -> Path:
    """A package with one more entry."""
    package = folder / "package.tar.gz"
    package.write_bytes(compressed([*entries_of(a_manifest(), CONTENTS), one]))
    return package


def _header(name: str, **changes: object) -> bytes:
    header = tarfile.TarInfo(name)
    for attribute, value in changes.items():
        setattr(header, attribute, value)
    return header.tobuf(tarfile.PAX_FORMAT)


def _flipped(raw: bytes, place: int) -> bytes:
    return raw[:place] + bytes([raw[place] ^ 0x10]) + raw[place + 1 :]


def _is_refused(package: Path, raw: bytes) -> bool:
    package.write_bytes(raw)
    try:
        verify_file(package, QUIET)
    except BadPackage:
        return True
    return False


def _problems(package: Path) -> tuple[str, ...]:
    with pytest.raises(BadPackage) as refused:
        verify_file(package, QUIET)
    return refused.value.details


def _replaced(path: Path) -> Path:
    path.unlink()
    return path
