"""What `needs` of scripts/needs.sh says and does. That apt-get then installs is seen on a bare Debian."""

import subprocess
from pathlib import Path

NEEDS = Path(__file__).resolve().parents[2] / "scripts/needs.sh"
APT_GET_FAILS = "#!/bin/sh\nexit 100\n"
APT_GET_FINDS_NOTHING = "#!/bin/sh\nexit 0\n"
OTHER_PYTHON = "#!/bin/sh\nexit 1\n"


def needs(wanted: str, folder: Path, *, user: int = 0, **programs: str) -> tuple[int, str]:
    """How a script ends that needs something where there are only these programs, and what it says."""
    (folder / "id").write_text(f"#!/bin/sh\necho {user}\n")
    for name, text in programs.items():
        (folder / name.replace("_", "-")).write_text(text)
    for path in folder.iterdir():
        path.chmod(0o755)
    words = ("/bin/sh", "-c", f". {NEEDS}; needs {wanted}; echo goes on")
    done = subprocess.run(words, env={"PATH": str(folder)}, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_where_all_is_there_nothing_is_said(tmp_path: Path) -> None:
    assert needs("id", tmp_path) == (0, "goes on\n")


def test_an_ordinary_user_is_told_every_package(tmp_path: Path) -> None:
    assert needs("id git ps=procps", tmp_path, user=1000, apt_get=APT_GET_FAILS) == (
        1,
        "Error: Missing programs: git, ps. As root, run: apt-get install git procps\n",
    )


def test_root_without_apt_get_is_told_too(tmp_path: Path) -> None:
    assert needs("git", tmp_path) == (1, "Error: Missing programs: git. As root, run: apt-get install git\n")


def test_a_python_that_is_old_or_makes_no_environments_counts_as_missing(tmp_path: Path) -> None:
    assert needs("python3=python3-venv", tmp_path, user=1000, python3=OTHER_PYTHON) == (
        1,
        "Error: Missing programs: python3 (3.10 or newer, with venv). "
        "As root, run: apt-get install python3-venv\n",
    )


def test_an_installation_that_fails_ends_the_script(tmp_path: Path) -> None:
    assert needs("ps=procps", tmp_path, apt_get=APT_GET_FAILS) == (
        1,
        "Installing procps …\nError: apt-get could not install procps (see its messages above).\n",
    )


def test_what_is_missing_after_the_installation_is_named(tmp_path: Path) -> None:
    assert needs("ps=procps", tmp_path, apt_get=APT_GET_FINDS_NOTHING) == (
        1,
        "Installing procps …\nError: Still missing after apt-get install procps: ps\n",
    )
