"""All modules that whole journeys import are in the package's own Python, or are left out on purpose."""

import subprocess
import sys
from pathlib import Path

import pytest

from packager.runtime.module_choice import FROZEN, NEVER
from packager.runtime.stored_zip import read_zip
from tests.journeys.packages import Packages
from tests.journeys.site import ENV, Site

pytestmark = [pytest.mark.engine, pytest.mark.database, pytest.mark.long]

NOTING = Path(__file__).with_name("imported_modules.py")
THERE_ANYWAY = {"__main__", "_frozen_importlib", "_frozen_importlib_external", "collections.abc", "os.path"}
MADE_BY_TYPING = {"typing.io", "typing.re"}  # no files
JOURNEY = (
    ("verify",), ("inspect", "."), ("backup",), ("backups",), ("backups", "check"),
    ("inventory",), ("migrate", "status"), ("rehearse",), ("rollback", "--yes"),
)  # fmt: skip


def test_every_module_of_a_whole_journey_travels(site: Site, packages: Packages, tmp_path: Path) -> None:
    names = tmp_path / "names"

    def noted(release: Path, *words: str) -> None:
        program = map(str, (NOTING, names, release / "installer.pyz"))
        own = (sys.executable, "-I", "-X", "utf8", *program)
        done = site.type(release, *own, *words, AIRLOCK_RELEASE=str(release))
        assert "ModuleNotFoundError" not in done.told, done.told

    old, release = site.unpack(packages["2.1.1"]), site.unpack(packages.with_python("2.1.2"))
    (old / ".env").write_text(ENV)
    noted(old, "import", "--yes")
    site.seed()
    noted(old, "backup")
    noted(old, "restore", "--yes")
    noted(release, "import", "--yes")
    for words in JOURNEY:
        noted(release, *words)
    imported = set(names.read_text().split())
    assert {"ssl", "hashlib", "tarfile", "http.client", "pymysql"} - {"pymysql"} <= imported
    assert imported - there_in(release) - NEVER == set()


def there_in(release: Path) -> set[str]:
    """The modules of the package's own Python: in its archive, as libraries, and inside the interpreter."""
    lib = release / "runtime/lib"
    (library,) = lib.glob("python3*.zip")
    zipped = {
        path.removesuffix("c").removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in read_zip(library.read_bytes())
    }
    native = {path.name.partition(".")[0] for path in lib.glob("python3.*/lib-dynload/*.so")}
    return {*zipped, *native, *built_in(release), *FROZEN, *THERE_ANYWAY, *MADE_BY_TYPING}


def built_in(release: Path) -> list[str]:
    lib, python = release / "runtime/lib", release / "runtime/bin/python3"
    words = (next(lib.glob("ld-*")), "--library-path", lib, python, "-I", "-S", "-c")
    program = "import sys; print(*sys.builtin_module_names)"
    return subprocess.run((*words, program), capture_output=True, text=True, check=True).stdout.split()
