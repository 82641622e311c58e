"""Encrypted backups: only who has the key reads them, and they are as whole as others."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.database.dumps.dump_reader import read_sql
from installer.database.values.address import DatabaseAddress
from installer.errors import Refused
from installer.mariadb.backup.backup import Backup, back_up, list_backups, read_backup, verify_backup
from installer.mariadb.restore.restore import restore_exactly
from tests.mariadb.backups import NOW, Told, backup_of, names_in
from tests.mariadb.schemas import execute, picture
from tests.testbed.age import KeyPair, age_key, ssh_key

pytestmark = [pytest.mark.engine, pytest.mark.database]
ROW = "'a very private sentence'"


@pytest.fixture
def shop(database: DatabaseAddress) -> DatabaseAddress:
    execute(database, f"CREATE TABLE t (words TEXT); INSERT INTO t VALUES ({ROW})")
    return database


def encrypted(address: DatabaseAddress, folder: Path, *recipients: str) -> Backup:
    console = Told().console
    return back_up(address, folder, now=NOW, console=console, reserve_bytes=0, recipients=recipients)


@pytest.mark.parametrize("new_key", [age_key, ssh_key])
def test_an_encrypted_backup_comes_back_with_its_key(
    shop: DatabaseAddress, tmp_path: Path, new_key: Callable[[Path], KeyPair]
) -> None:
    key, before = new_key(tmp_path), picture(shop)
    backup = encrypted(shop, tmp_path / "backups", key.recipient)
    assert backup.path.name.endswith("_010203.sql.gz.age")
    assert list_backups(tmp_path / "backups") == (backup,) == (read_backup(backup.path),)
    verify_backup(backup)
    verify_backup(backup, identity=key.identity)
    execute(shop, "DROP TABLE t")
    restore_exactly(shop, backup, Told().console, identity=key.identity)
    assert picture(shop) == before


def test_it_can_be_read_by_hand_with_two_ordinary_programs(shop: DatabaseAddress, tmp_path: Path) -> None:
    key = age_key(tmp_path)
    backup = encrypted(shop, tmp_path, key.recipient)
    by_hand = 'age --decrypt --identity "$1" "$2" | gunzip'
    words = ("sh", "-c", by_hand, "sh", key.identity, backup.path)
    sql = subprocess.run(words, check=True, capture_output=True).stdout
    assert sql == b"".join(read_sql(backup.path, identity=key.identity))
    assert ROW.encode() in sql
    assert ROW.encode() not in backup.path.read_bytes()


def test_a_file_of_recipients_lets_each_of_them_read(shop: DatabaseAddress, tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    keys = age_key(tmp_path / "1"), ssh_key(tmp_path)
    recipients = tmp_path / "recipients.txt"
    recipients.write_text("# the team\n" + "".join(f"{key.recipient}\n" for key in keys))
    backup = encrypted(shop, tmp_path / "backups", str(recipients))
    for key in keys:
        verify_backup(backup, identity=key.identity)


def test_without_the_right_key_nothing_is_read(shop: DatabaseAddress, tmp_path: Path) -> None:
    key, other = age_key(tmp_path), ssh_key(tmp_path)
    backup = encrypted(shop, tmp_path / "backups", key.recipient)
    with pytest.raises(Refused, match="is encrypted"):
        b"".join(read_sql(backup.path))
    with pytest.raises(Refused, match="cannot be decrypted with the key") as refusal:
        b"".join(read_sql(backup.path, identity=other.identity))
    assert any("no identity matched" in line for line in refusal.value.details)


@pytest.mark.parametrize("damage", [lambda raw: raw[:-1], lambda raw: raw + b"\0", lambda raw: b""])
def test_a_damaged_encrypted_backup_is_told_without_the_key(
    shop: DatabaseAddress, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    backup = encrypted(shop, tmp_path / "backups", age_key(tmp_path).recipient)
    backup.path.write_bytes(damage(backup.path.read_bytes()))
    with pytest.raises(Refused, match="is damaged"):
        verify_backup(backup)


def test_what_is_no_recipient_is_refused_before_anything_is_written(
    shop: DatabaseAddress, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match="cannot be encrypted to these recipients"):
        encrypted(shop, tmp_path / "backups", "age1nobody")
    assert not (tmp_path / "backups").exists()


def test_without_age_it_is_said_what_to_install(
    database: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(Refused) as refusal:
        encrypted(database, tmp_path, "age1anybody")
    assert refusal.value.hint.startswith("Install it (Debian and Ubuntu: apt-get install age)")


def test_an_encryption_that_fails_half_way_leaves_no_file(
    shop: DatabaseAddress, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recipient = age_key(tmp_path).recipient
    forgetful = tmp_path / "bin" / "age"
    forgetful.parent.mkdir()
    forgetful.write_text("#!/bin/sh\nread -r first || exit 0\necho lost >&2\nexit 1\n")
    forgetful.chmod(0o755)
    monkeypatch.setenv("PATH", f"{forgetful.parent}:{os.environ['PATH']}")
    with pytest.raises(Refused, match="no file was kept"):
        encrypted(shop, tmp_path / "backups", recipient)
    assert names_in(tmp_path / "backups") == []


def test_an_unencrypted_backup_needs_no_key(shop: DatabaseAddress, tmp_path: Path) -> None:
    verify_backup(backup_of(shop, tmp_path), identity=tmp_path / "no-such-key")
