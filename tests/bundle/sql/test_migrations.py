"""Prisma's rules for migration folders, on real folders."""

import hashlib
import os
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import (
    Migration,
    migration_date,
    migration_order,
    prisma_warnings,
    read_migrations,
)
from installer.errors import Refused


def add(folder: Path, name: str, script: bytes | None = b"SELECT 1;") -> None:
    (folder / name).mkdir(parents=True)
    if script is not None:
        (folder / name / "migration.sql").write_bytes(script)


def test_every_real_directory_counts_in_order_whatever_its_name(tmp_path: Path) -> None:
    add(tmp_path, "20260102000000_b")
    add(tmp_path, "20260101000000_a", b"\xef\xbb\xbfCREATE")
    add(tmp_path, "not a date '; DROP TABLE `x`\n$(reboot)")
    add(tmp_path, ".hidden", None)
    (tmp_path / "linked").symlink_to(tmp_path / "20260101000000_a")
    (tmp_path / "README.md").write_text("plain files are ignored")
    assert read_migrations(tmp_path) == (
        Migration(".hidden", None),
        Migration("20260101000000_a", b"\xef\xbb\xbfCREATE"),
        Migration("20260102000000_b", b"SELECT 1;"),
        Migration("not a date '; DROP TABLE `x`\n$(reboot)", b"SELECT 1;"),
    )


def test_a_folder_that_is_not_there_has_no_migrations(tmp_path: Path) -> None:
    assert read_migrations(tmp_path / "none") == ()


@pytest.mark.parametrize("provider", ["cockroachdb", "sqlite", "sqlserver", "mongodb"])
def test_migrations_of_another_provider_are_not_read(tmp_path: Path, provider: str) -> None:
    (tmp_path / "migration_lock.toml").write_text(f'provider = "{provider}"\n')
    with pytest.raises(Refused, match="P3019"):
        read_migrations(tmp_path)


@pytest.mark.parametrize("file", ["ops.json", "migration.json"])
def test_the_layout_of_prisma_8_is_refused_with_the_names(tmp_path: Path, file: str) -> None:
    add(tmp_path, "20260101000000_a", None)
    (tmp_path / "20260101000000_a" / file).write_text("{}")
    with pytest.raises(Refused, match="Prisma 8") as refusal:
        read_migrations(tmp_path)
    assert refusal.value.details == ("20260101000000_a",)


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9")).mkdir()
    with pytest.raises(Refused, match="UTF-8"):
        read_migrations(tmp_path)


def test_the_order_is_that_of_javascript_localecompare() -> None:
    """The expected list is `names.sort((a, b) => a.localeCompare(b))` of Node 20."""
    names = """
        _a|-a|1_a|10_a|2_a|20260105070245_add_user|20260105070245_add_users|20260105070245-add
        |a|A|a b|a_b|a-b|a.b|a$b|a1|ab|aB|Ab|b|é|eb|가|나
    """
    in_order = [name.strip() for name in names.split("|")]
    assert sorted(set(in_order), key=migration_order) == in_order


@given(st.binary().filter(lambda raw: b"\xff" not in raw))
def test_the_checksum_is_the_sha256_of_the_file_when_it_is_utf8(raw: bytes) -> None:
    migration = Migration("m", raw)
    try:
        raw.decode()
    except UnicodeDecodeError:
        assert migration.checksum != hashlib.sha256(raw).hexdigest()
    else:
        assert migration.checksum == hashlib.sha256(raw).hexdigest()


@given(st.text(alphabet="a;\n"))
def test_line_endings_changed_by_git_are_no_edit(text: str) -> None:
    unix, windows = Migration("m", text.encode()), Migration("m", text.replace("\n", "\r\n").encode())
    assert unix.has_checksum(windows.checksum)
    assert windows.has_checksum(unix.checksum)
    assert not unix.has_checksum(Migration("m", text.encode() + b"x").checksum)


def test_an_old_checksum_without_leading_zeros_is_recognised() -> None:
    migration = Migration("m", b"SELECT 1;")
    old = "".join(f"{byte:x}" for byte in bytes.fromhex(migration.checksum))
    assert len(old) < 64
    assert migration.has_checksum(old)
    assert not migration.has_checksum(old[:-1])
    assert not migration.has_checksum("")


def test_prismas_warnings_are_read_from_the_head_of_a_script() -> None:
    script = """/*
  Warnings:

  - You are about to drop the column `phone` on the `users` table. All
    the data will be lost.
  - Added the required column `x` to the `users` table without a default value.

*/
-- AlterTable
ALTER TABLE `users` DROP COLUMN `phone`; /* Warnings: - not this one */
"""
    assert prisma_warnings(script) == (
        "You are about to drop the column `phone` on the `users` table. All the data will be lost.",
        "Added the required column `x` to the `users` table without a default value.",
    )
    assert prisma_warnings("SELECT 1; /* Warnings:\n - late */") == ()


def test_the_date_comes_from_the_name() -> None:
    assert migration_date("20260105070245_add_user_department") == date(2026, 1, 5)
    assert migration_date("20261305070245_no_such_month") is None
    assert migration_date("add_user") is None


def test_a_hostile_name_is_shown_on_one_line() -> None:
    assert shown("a\n\x1b[31mb 한") == "a\\n\\x1b[31mb 한"
