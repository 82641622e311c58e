"""The modules that travel, chosen from this machine's own standard library."""

import sys
import sysconfig
from pathlib import Path

from packager.contents.runtime_libraries import runtime_libraries
from packager.contents.zipapp import zipapp_files
from packager.runtime.imported_modules import Module, modules_in
from packager.runtime.module_choice import BY_NAME, FROZEN, NEVER, Choice, choose_modules


def choice() -> Choice:
    library = Path(sysconfig.get_path("stdlib"))
    sources = {p.relative_to(library).as_posix(): p.read_bytes() for p in library.rglob("*.py")}
    named = {name: Module(name, f"{name}.so", b"") for name in sys.stdlib_module_names}
    return choose_modules(zipapp_files(runtime_libraries()), {**named, **modules_in(sources)})


def test_the_standard_library_is_trimmed_and_has_what_the_installer_imports() -> None:
    chosen = choice()
    assert {"ssl", "hashlib", "json", "encodings.euc_kr", "http.client", "tarfile"} <= set(chosen.standard)
    assert not {"asyncio", "unittest", "tkinter", "os"} & set(chosen.standard)
    assert len(chosen.standard) < 260


def test_bytecode_is_made_of_what_every_command_imports() -> None:
    paths = choice().installer
    early = {"installer/__main__.py", "installer/commands/cli.py", "click/core.py", "rich/console.py"}
    assert early <= set(paths)
    assert not any(path.startswith(("docker/", "pg8000/", "pymysql/")) for path in paths)


def test_no_module_is_both_needed_and_left_out() -> None:
    assert set(BY_NAME) & NEVER == set()
    assert set(FROZEN) & NEVER == set()
