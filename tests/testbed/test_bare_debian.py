"""On a Debian where nothing was installed, the scripts fetch what they need, or name it in one line."""

import re
from collections.abc import Iterator

import pytest

from testbed.bare_debian import BareDebian, bare_debian
from testbed.cache import cache_folder

CODECS = "tests/packager/compression/test_codecs.py"
ENCRYPTION = "tests/mariadb/backup/test_encryption.py"
COMPOSE = "tests/system/compose/test_messages.py"
HANDFUL = (  # each takes something that a bare Debian lacks
    "tests/packager/git",
    f"{CODECS}::test_the_systems_own_program_unpacks_a_member",  # zstd
    f"{COMPOSE}::test_a_service_that_keeps_compose_waiting_ends_with_the_deadline",  # ps
    f"{ENCRYPTION}::test_an_encrypted_backup_comes_back_with_its_key",  # ssh-keygen
)
ORDINARY_USER = ("setpriv", "--reuid=1000", "--regid=1000", "--clear-groups")
pytestmark = pytest.mark.engine


@pytest.fixture
def debian() -> Iterator[BareDebian]:
    """With what this machine's test bed has made already."""
    with bare_debian(cache_folder()) as made:
        yield made


@pytest.fixture
def new_machine() -> Iterator[BareDebian]:
    with bare_debian() as made:
        yield made


def test_an_ordinary_user_is_told_in_one_line_what_is_missing(debian: BareDebian) -> None:
    done = debian.run(*ORDINARY_USER, "scripts/demo", seconds=60)
    assert (done.returncode, done.stdout) == (
        1,
        "Error: Missing programs: python3 (3.10 or newer, with venv), git. "
        "As root, run: apt-get install python3-venv git\n",
    )


def test_tests_pass_that_take_what_was_missing(debian: BareDebian) -> None:
    done = debian.run("scripts/test", *HANDFUL, seconds=900)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d+ passed, 0 failed$", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.long
def test_the_demo_is_true_with_nothing_made_before(new_machine: BareDebian) -> None:
    done = new_machine.run("scripts/demo", seconds=1800)
    assert done.returncode == 0, done.stdout
    assert re.search(r"^\d+ claims checked, 0 false$", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.long
def test_pipx_installs_the_command(new_machine: BareDebian) -> None:
    install = "apt-get update -qq && apt-get install -qq --yes --no-install-recommends pipx && pipx install ."
    done = new_machine.run("sh", "-c", f"{install} && exec ~/.local/bin/airlock --version", seconds=600)
    assert (done.returncode, done.stdout.splitlines()[-1:]) == (0, ["airlock, version 0.1.0"]), done.stdout
