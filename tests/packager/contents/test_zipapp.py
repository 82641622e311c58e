"""installer.pyz: starts everywhere with nothing installed, and contains no native code."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from packager.contents.runtime_libraries import runtime_libraries
from packager.contents.zipapp import make_zipapp

NATIVE_BEGINNINGS = (b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
PYTHONS = sorted(
    path for minor in range(10, 15) for path in Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python3")
) or [Path(sys.executable)]


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("zipapp") / "installer.pyz"
    path.write_bytes(make_zipapp(runtime_libraries()))
    return path


def names(program: Path) -> list[str]:
    with zipfile.ZipFile(program) as archive:
        return archive.namelist()


@pytest.mark.parametrize("python", PYTHONS, ids=str)
def test_it_starts_with_nothing_but_the_standard_library(program: Path, python: Path) -> None:
    done = subprocess.run(
        (python, "-I", "-S", program, "--version"), capture_output=True, text=True, check=False, cwd="/"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("airlock, version ")


@pytest.mark.parametrize(
    "python", [PYTHONS[0], *(pytest.param(one, marks=pytest.mark.long) for one in PYTHONS[1:])], ids=str
)
def test_every_module_of_the_installer_can_be_imported_from_it(program: Path, python: Path) -> None:
    modules = sorted(
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in names(program)
        if name.startswith("installer/") and name.endswith(".py") and not name.endswith("__main__.py")
    )
    late = ["docker", "pg8000.core", "pymysql", "rich.progress", "rich.table", "click"]
    code = f"import sys; sys.path.insert(0, {str(program)!r})\n"
    code += "".join(f"import {module}\n" for module in [*modules, *late])
    code += "places = [str(getattr(module, '__file__', '')) for module in sys.modules.values()]\n"
    code += "assert not [place for place in places if 'site-packages' in place]"
    done = subprocess.run((python, "-I", "-S", "-c", code), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_reaching_the_engine_writes_no_certificates_to_a_temporary_folder(
    program: Path, tmp_path: Path
) -> None:
    code = f"import os, sys; sys.path.insert(0, {str(program)!r})\nimport docker, requests.certs, ssl\n"
    code += "print(requests.certs.where() == (ssl.get_default_verify_paths().cafile or ''))\n"
    code += "print(os.listdir(os.environ['TMPDIR']))"
    words = (sys.executable, "-I", "-S", "-c", code)
    done = subprocess.run(words, env={"TMPDIR": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n[]\n"


def test_it_speaks_korean(program: Path) -> None:
    words = (sys.executable, "-I", "-S", program, "--lang", "ko", "--help")
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert any("가" <= letter <= "힣" for letter in told)


def test_it_contains_no_native_code(program: Path) -> None:
    with zipfile.ZipFile(program) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    assert [name for name, content in found.items() if content.startswith(NATIVE_BEGINNINGS)] == []
    assert {Path(name).suffix for name in found} <= {".py", ".pem", ".typed", ".mo", ".txt", ".md", ""}


def test_the_licence_of_every_library_travels_along(program: Path) -> None:
    licensed = {
        name.partition("-")[0].lower() for name in names(program) if "LICEN" in name or "COPYING" in name
    }
    wanted = {library.name.replace("-", "_") for library in runtime_libraries()}
    assert wanted - licensed == set()


def test_the_same_libraries_give_the_same_bytes(program: Path) -> None:
    assert make_zipapp(runtime_libraries()) == program.read_bytes()


def test_an_old_python_is_told_what_is_needed(program: Path) -> None:
    with zipfile.ZipFile(io.BytesIO(program.read_bytes())) as archive:
        main = archive.read("__main__.py").decode()
    pretended = main.replace("sys.version_info", "(3, 9)")
    done = subprocess.run((sys.executable, "-c", pretended), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("Airlock needs Python 3.10 or newer.")


def test_the_engineers_libraries_stay_at_home(program: Path) -> None:
    tops = {name.split("/")[0] for name in names(program)}
    assert tops & {"sqlglot", "jinja2", "babel", "packager", "templates"} == set()
