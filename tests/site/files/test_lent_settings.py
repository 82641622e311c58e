import os
from pathlib import Path

import pytest

from installer.site.files.lent_settings import borrowed_settings
from installer.site.files.project_name import add_project_name, remove_project_name


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old", tmp_path / "new"
    (old / "config").mkdir(parents=True)
    new.mkdir()
    (old / ".env").write_text("DB_PASSWORD=s3cret\n")
    (old / "config" / "mail.env").write_text("SMTP=x\n")
    return old, new


def test_settings_are_there_while_looking_around_and_gone_when_nothing_comes_of_it(
    folders: tuple[Path, Path],
) -> None:
    old, new = folders
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env", "missing.env"))
        assert (new / ".env").read_text() == "DB_PASSWORD=s3cret\n"
    assert list(new.iterdir()) == []


def look(path: Path) -> tuple[object, ...]:
    status = path.lstat()
    return status.st_mode, status.st_uid, status.st_gid, status.st_mtime_ns


def test_settings_that_are_kept_have_owner_mode_and_times_of_the_old_ones(folders: tuple[Path, Path]) -> None:
    old, new = folders
    os.chown(old / "config" / "mail.env", 1001, 1002)
    (old / "config" / "mail.env").chmod(0o640)
    os.utime(old / "config" / "mail.env", ns=(1_000_000_007, 1_000_000_009))
    os.chown(old / "config", 1001, 1002)
    (old / "config").chmod(0o710)
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env", "config/mail.env"))
        settings.keep()
    assert settings.names == (".env", "config/mail.env")
    assert [look(new / name) for name in settings.names] == [look(old / name) for name in settings.names]
    assert look(new / "config")[:3] == look(old / "config")[:3]


def test_a_link_to_a_file_elsewhere_stays_a_link_to_it(folders: tuple[Path, Path]) -> None:
    old, new = folders
    shared = old.parent / "shared"
    shared.mkdir()
    (shared / "env").write_text("A=1\n")
    (old / "config" / "mail.env").unlink()
    (old / "config" / "mail.env").symlink_to("../../shared/env")
    (old / ".env").unlink()
    (old / ".env").symlink_to(shared / "env")
    os.chown(old / ".env", 1001, 1002, follow_symlinks=False)
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env", "config/mail.env"))
        settings.keep()
    assert (new / ".env").readlink() == shared / "env"
    assert look(new / ".env") == look(old / ".env")
    assert (new / "config" / "mail.env").readlink() == Path("../../shared/env")


def test_a_relative_link_that_would_dangle_leads_to_the_same_file_as_before(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "packages" / "new"
    old.mkdir()
    new.mkdir(parents=True)
    (tmp_path / "shared.env").write_text("A=1\n")
    (old / ".env").symlink_to("../shared.env")
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env",))
        assert (new / ".env").readlink() == tmp_path / "shared.env"
    assert (list(new.iterdir()), (tmp_path / "shared.env").read_text()) == ([], "A=1\n")


@pytest.mark.parametrize("is_absolute", [False, True])
def test_what_a_link_leads_to_in_the_old_directory_comes_along(
    folders: tuple[Path, Path], is_absolute: bool
) -> None:
    old, new = folders
    (old / ".env").rename(old / "config" / "production")
    (old / ".env").symlink_to((old if is_absolute else Path()) / "config" / "production")
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env",))
        assert settings.names == (".env", "config/production")
        assert (new / ".env").readlink() == Path("config/production")
        assert (new / ".env").read_text() == "DB_PASSWORD=s3cret\n"
    assert [path.name for path in new.rglob("*")] == ["config"]


def test_a_link_on_the_way_to_a_file_is_kept(folders: tuple[Path, Path], tmp_path: Path) -> None:
    old, new = folders
    (old / "config").rename(tmp_path / "vault-config")
    (old / "config").symlink_to(tmp_path / "vault-config")
    with borrowed_settings(new) as settings:
        settings.borrow(old, ("config/mail.env",))
        settings.keep()
    assert ((new / "config").readlink(), settings.names) == (tmp_path / "vault-config", ("config",))


def test_settings_that_are_edited_while_a_question_is_open_stay_and_are_named(
    folders: tuple[Path, Path],
) -> None:
    old, new = folders
    told: list[str] = []
    with borrowed_settings(new, told.append) as settings:
        settings.borrow(old, (".env", "config/mail.env"))
        (new / ".env").unlink()  # as many editors do
        (new / ".env").write_text("DB_PASSWORD=better\n")
    assert (new / ".env").read_text() == "DB_PASSWORD=better\n"
    assert told == [f"{new}/.env was edited meanwhile; it is kept and used by the next import."]
    assert not (new / "config" / "mail.env").exists()


def test_a_stand_in_is_empty_for_compose_and_never_taken_for_the_sites_own(
    folders: tuple[Path, Path],
) -> None:
    old, new = folders
    (new / "app.env").symlink_to("/dev/null")  # left by a run that was killed
    with borrowed_settings(new) as settings:
        settings.borrow(old, ("app.env",))
        settings.stand_in_for("app.env")
        settings.stand_in_for("deep/er.env")
        assert [(new / name).read_bytes() for name in ("app.env", "deep/er.env")] == [b"", b""]
    assert [path.name for path in new.rglob("*")] == ["deep"]


def test_settings_the_admin_put_there_are_neither_replaced_nor_removed(folders: tuple[Path, Path]) -> None:
    old, new = folders
    (new / ".env").write_text("DB_PASSWORD=mine\n")
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env",))
    assert (new / ".env").read_text() == "DB_PASSWORD=mine\n"


def test_settings_under_another_name_become_the_releases_own(folders: tuple[Path, Path]) -> None:
    old, new = folders
    with borrowed_settings(new) as settings:
        settings.borrow_as(".env", old / "config" / "mail.env", old)
        settings.borrow(old, (".env",))
        assert (new / ".env").read_text() == "SMTP=x\n"
    assert settings.names == (".env",)


def test_files_that_come_another_way_are_left_where_they_were(folders: tuple[Path, Path]) -> None:
    old, new = folders
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env", "config/mail.env"))
        settings.leave({new / "config" / "mail.env", new / "data"})
        settings.keep()
    assert settings.names == (".env",)
    assert [path.name for path in new.rglob("*") if path.is_file()] == [".env"]


@pytest.mark.parametrize("content", ["", "A=1", "A=1\n", "A=1\r\n"])
def test_the_projects_name_is_added_once_and_removed_without_a_trace(tmp_path: Path, content: str) -> None:
    env = tmp_path / ".env"
    env.write_text(content, newline="")
    add_project_name(env, "vault")
    add_project_name(env, "vault")
    assert env.read_text().count("COMPOSE_PROJECT_NAME=vault\n") == 1
    remove_project_name(env, "vault")
    assert env.read_bytes() == content.encode()


def test_a_link_to_settings_stays_a_link_and_its_file_keeps_owner_mode_and_time(tmp_path: Path) -> None:
    shared, env = tmp_path / "shared.env", tmp_path / ".env"
    shared.write_bytes("# \ud55c\uae00\nA=1".encode("cp949"))
    shared.chmod(0o640)
    os.chown(shared, 1001, 1002)
    os.utime(shared, ns=(1_000_000_007, 1_000_000_009))
    env.symlink_to("shared.env")
    before = look(env), look(shared), shared.read_bytes()
    add_project_name(env, "vault")
    assert (look(env), look(shared)) == before[:2]
    assert shared.read_bytes().endswith(b"COMPOSE_PROJECT_NAME=vault\n")
    remove_project_name(env, "vault")
    assert (look(env), look(shared), shared.read_bytes()) == before


@pytest.mark.parametrize(
    ("line", "is_set"), [("#COMPOSE_PROJECT_NAME=x", False), ("COMPOSE_PROJECT_NAME: x", True)]
)
def test_a_name_that_only_a_comment_has_is_not_set(tmp_path: Path, line: str, is_set: bool) -> None:
    (tmp_path / ".env").write_text(f"{line}\n")
    add_project_name(tmp_path / ".env", "vault")
    assert ("COMPOSE_PROJECT_NAME=vault" not in (tmp_path / ".env").read_text()) == is_set
