from pathlib import Path

import pytest

from installer.site.settings import add_project_name, borrowed_settings, remove_project_name


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


def test_settings_that_are_kept_stay_readable_by_their_owner_only(folders: tuple[Path, Path]) -> None:
    old, new = folders
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env", "config/mail.env"))
        settings.keep()
    assert settings.names == (".env", "config/mail.env")
    assert [(new / name).stat().st_mode & 0o777 for name in settings.names] == [0o600, 0o600]


def test_settings_the_admin_put_there_are_neither_replaced_nor_removed(folders: tuple[Path, Path]) -> None:
    old, new = folders
    (new / ".env").write_text("DB_PASSWORD=mine\n")
    with borrowed_settings(new) as settings:
        settings.borrow(old, (".env",))
    assert (new / ".env").read_text() == "DB_PASSWORD=mine\n"


def test_settings_under_another_name_become_the_releases_own(folders: tuple[Path, Path]) -> None:
    old, new = folders
    with borrowed_settings(new) as settings:
        settings.borrow_as(".env", old / "config" / "mail.env")
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
