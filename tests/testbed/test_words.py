"""The command lines of the scripts, as an operator would type them."""

import runpy
from pathlib import Path

from testbed.life import engine_words

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"


def test_an_engine_starts_in_namespaces_of_its_own_with_all_it_has_in_its_folder() -> None:
    words = engine_words(Path("/cache/servers/s"))
    assert words[:6] == ("unshare", "--net", "--mount", "--propagation", "slave", "--")
    assert words[8:] == (
        *("dockerd", "--host", "unix:///cache/servers/s/docker.sock", "--pidfile", "/cache/servers/s/pid"),
        *("--config-file", "/cache/servers/s/daemon.json"),
        *("--data-root", "/cache/servers/s/data", "--exec-root", "/cache/servers/s/exec"),
    )


def test_long_tests_run_only_when_asked_for() -> None:
    pytest_words = runpy.run_path(str(SCRIPTS / "verbs/test.py"), run_name="script")["pytest_words"]
    usual = ("python", "-m", "pytest", "--require-engine")
    assert pytest_words(["-k", "load"]) == (*usual, "-m", "not long", "-k", "load")
    assert pytest_words(["--long"]) == usual
