from dataclasses import replace
from pathlib import Path

from installer.bundle.manifest.manifest import Smoke
from installer.operations.services.old_smoke import old_smoke_problem
from installer.system.compose.compose import Compose
from tests.bundle.builders import CONTENTS, a_manifest, a_package_directory
from tests.operations.services.test_smoke import application


def old_release(folder: Path, smoke: Smoke | None) -> Compose:
    manifest = replace(a_manifest(), smoke=smoke)
    return Compose(a_package_directory(folder, CONTENTS, manifest), ("docker-compose.yml",))


def problem(old: Compose) -> str | None:
    return old_smoke_problem(old, deadline_seconds=0)


def test_the_old_release_is_asked_by_its_own_manifest_and_settings(tmp_path: Path) -> None:
    with application((200, b'{"version": "2.1.2"}'), (200, b'{"version": "2.1.1"}')) as url:
        old = old_release(tmp_path, Smoke(url.replace("127.0.0.1", "${HOST}"), "$.version"))
        settings = tmp_path / "settings"
        settings.write_text("HOST=127.0.0.1\n")
        old = replace(old, env_file=settings)
        assert problem(old) == ""
        assert problem(old) == f"The smoke check failed: {url} It reports version 2.1.1, not 2.1.2."


def test_an_address_that_cannot_be_asked_is_a_problem_as_well(tmp_path: Path) -> None:
    assert problem(old_release(tmp_path, Smoke("http://127.0.0.1:${NOBODY_SETS_IT}/", None))) == (
        "The address of the smoke check needs NOBODY_SETS_IT, which is not set. "
        "http://127.0.0.1:${NOBODY_SETS_IT}/"
    )


def test_without_a_check_nothing_is_known(tmp_path: Path) -> None:
    assert problem(old_release(tmp_path, None)) is None
    assert problem(Compose(tmp_path, ("made by hand",))) is None
