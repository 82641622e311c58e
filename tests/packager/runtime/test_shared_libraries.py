"""The libraries of programs, with the real ones of this machine."""

import subprocess
from pathlib import Path

import pytest

from installer.errors import Refused
from packager.runtime.image_tree import ImageTree
from packager.runtime.shared_libraries import libraries_of

PROGRAM = Path("/bin/bash").resolve()


def needed_here() -> dict[str, Path]:
    """What the loader of this machine finds for the program."""
    said = subprocess.run(("ldd", PROGRAM), capture_output=True, text=True, check=True).stdout
    paths = [Path(word) for line in said.splitlines() for word in line.split() if word.startswith("/")]
    return {path.name: path for path in paths}


def tree(without: str = "") -> ImageTree:
    found = {path.resolve() for name, path in needed_here().items() if name != without} | {PROGRAM}
    places = {path.parent.resolve() / path.name: path.resolve() for path in needed_here().values()}
    links = {str(place)[1:]: str(real) for place, real in places.items() if place != real}
    parts = [place for path in needed_here().values() for place in path.parents if place.is_symlink()]
    links |= {str(place)[1:]: str(place.resolve()) for place in parts}
    return ImageTree({str(path)[1:]: path for path in found}, links)


def test_loader_and_libraries_are_those_that_this_machine_loads() -> None:
    loader, libraries = libraries_of(tree(), str(PROGRAM)[1:], (), "x")
    assert set(libraries) == set(needed_here())
    assert loader.startswith("ld-linux") and loader in libraries
    assert {name: Path("/", path) for name, path in libraries.items()} == {
        name: path.resolve() for name, path in needed_here().items()
    }


def test_a_missing_library_is_told_by_name() -> None:
    with pytest.raises(Refused) as refusal:
        libraries_of(tree(without="libc.so.6"), str(PROGRAM)[1:], (), "x")
    assert refusal.value.happened == "The image x lacks the library libc.so.6, which its Python needs."


def test_what_is_no_program_for_glibc_is_refused() -> None:
    library = next(str(path.resolve())[1:] for name, path in needed_here().items() if name == "libc.so.6")
    found = tree()
    own = ImageTree({**found.files, "bin/static": Path(__file__)}, {})
    with pytest.raises(Refused) as refusal:
        libraries_of(own, "bin/static", (library,), "x")
    assert refusal.value.happened == "The Python of the image x does not use glibc, which a package needs."
