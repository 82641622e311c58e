import io
import json
from pathlib import Path

import pytest

from installer.bundle.manifest.manifest import Base, Database, Source
from installer.errors import BadPackage
from installer.operations.package.inspect_ import describe, document, read_head
from installer.screen.console import Console
from tests.bundle.builders import a_manifest, a_package_directory, a_package_file

QUIET = Console(story=io.StringIO(), verbosity="quiet")


def test_a_package_is_described_for_people() -> None:
    assert describe(a_manifest()) == (
        "Customer Vault 2.1.2",
        "Application: customer_vault (Compose project customer-vault)",
        "Source: v2.1.2, 000000000000, 2025-01-31T23:59:59Z",
        "Packed with: airlock 0.1.0, format 2",
        "Platform: linux/amd64",
        "Requires: Docker engine 20.10 and Compose 2.0 or newer",
        "Upgrades from: >=2.0.0",
        "Requires Python 3.10 or newer: the package has none",
        "Compose files: docker-compose.yml",
        "Data of the site: data/mariadb, uploads",
        "1 image, 10.0 KiB of layers:",
        "  customer-vault-web:2.1.2  b35b5f5107e8  10.0 KiB",
        "1 migration of the database in service db:",
        "  20250101000000_init",
        "7 files, 16.6 KiB",
    )


def test_the_prisma_of_a_project_is_said_with_what_it_means_for_postgresql() -> None:
    databases = (
        Database("a", "prisma/a", engine="postgresql", prisma="7.3.0"),
        Database("b", "prisma/b", engine="postgresql", prisma="7.4.0"),
        Database("c", "prisma/c", prisma="7.4.0"),
    )
    assert describe(a_manifest(format=3, databases=databases))[12:18] == (
        "0 migrations of the database in service a:",
        "  Prisma of the project: 7.3.0, each script is one transaction",
        "0 migrations of the database in service b:",
        "  Prisma of the project: 7.4.0, each statement is applied alone",
        "0 migrations of the database in service c:",
        "  Prisma of the project: 7.4.0",
    )


def test_what_a_package_lacks_is_said() -> None:
    bare = a_manifest(
        source=Source(None, None, True, None),
        images=(),
        databases=(),
        state=(),
        upgrade_from=None,
    )
    lines = describe(bare)
    assert "Source: with changes that are not committed" in lines
    assert "Upgrades from: any version" in lines
    assert "Data of the site: none" in lines
    assert "No database." in lines


def test_what_a_delta_builds_on_is_said() -> None:
    left_out = a_manifest().images[0].diff_ids
    delta = a_manifest(base=Base("customer_vault", "2.1.1", "1" * 64, left_out))
    assert describe(delta)[12:14] == (
        f"Builds on: 2.1.1, manifest {'1' * 64}",
        "  Left out, must be on the site: 1 layer, 10.0 KiB",
    )
    assert document(delta)["left_out_size_bytes"] == 10240
    for_site = a_manifest(base=Base("customer_vault", None, None, ()))
    assert describe(for_site)[12:14] == (
        "Builds on: the inventory of one site",
        "  Left out, must be on the site: 0 layers, 0 B",
    )


def test_a_package_is_described_for_programs() -> None:
    described = json.loads(json.dumps(document(a_manifest())))
    assert list(described)[:3] == ["format", "application", "source"]
    assert described["files"][0]["mode"] == "0755"
    assert (described["files_size_bytes"], described["layers_size_bytes"]) == (16982, 10240)


def test_file_and_directory_give_the_same_manifest(tmp_path: Path) -> None:
    assert read_head(a_package_file(tmp_path), QUIET) == a_manifest()
    assert read_head(a_package_directory(tmp_path), QUIET) == a_manifest()


def test_only_the_beginning_of_a_file_is_read(tmp_path: Path) -> None:
    package = a_package_file(tmp_path)
    package.write_bytes(package.read_bytes()[:-500])
    assert read_head(package, QUIET) == a_manifest()


def test_what_is_no_package_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("text")
    for place in (tmp_path / "text", tmp_path):
        with pytest.raises(BadPackage, match="is not a"):
            read_head(place, QUIET)
