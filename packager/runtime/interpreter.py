"""Finds the Python of an image: its program, its standard library and its exact version."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from installer.errors import Refused
from installer.text import _
from packager.runtime.image_tree import ImageTree

OLDEST = (3, 11)  # older ones do not find a standard library that is a zip file by themselves
NAMES = ("python3", "python")
USUAL_PATH = "/usr/local/bin:/usr/bin:/bin"
ELF = b"\x7fELF"
VERSIONED = re.compile(r"python(3)\.([0-9]+)")


@dataclass(frozen=True)
class Interpreter:
    """The Python of an image. `program` and `library`, the folder of its modules, are paths in the tree."""

    program: str
    library: str
    release: tuple[int, int]
    version: str

    @property
    def name(self) -> str:
        """Returns its name with the release, such as "python3.11"."""
        return f"python{self.release[0]}.{self.release[1]}"

    @property
    def zip_name(self) -> str:
        """Returns the name by which it finds its standard library, such as "python311.zip"."""
        return f"python{self.release[0]}{self.release[1]}.zip"


def find_interpreter(tree: ImageTree, search_path: str, image: str) -> Interpreter:
    """Returns the first Python in the folders of `search_path`. Raises `Refused` without a usable one."""
    for program in _programs(tree, search_path or USUAL_PATH):
        if library := _library(tree, program):
            return _usable(tree, program, library, image)
    raise Refused(
        _("The image {image} has no Python.", image=image),
        details=[_("Searched: {folders}", folders=search_path or USUAL_PATH)],
        hint=_("Specify an image of Python 3.11 or newer: --runtime IMAGE"),
    )


def _programs(tree: ImageTree, search_path: str) -> Iterator[str]:
    for folder in search_path.split(":"):
        for name in NAMES:
            real = tree.real(f"{folder}/{name}")
            if real and tree.content(real).startswith(ELF):
                yield real


def _library(tree: ImageTree, program: str) -> str | None:
    """Returns the folder of the modules: beside the program's folder, as Python itself looks for it."""
    prefix = program.rpartition("/")[0].rpartition("/")[0]
    named = VERSIONED.search(program.rpartition("/")[2])
    folders = [f"{prefix}/lib/{named[0]}"] if named else sorted(_folders(tree, f"{prefix}/lib"))
    return next((folder for folder in folders if tree.real(f"{folder}/os.py")), None)


def _folders(tree: ImageTree, above: str) -> set[str]:
    found = (re.match(rf"{re.escape(above)}/{VERSIONED.pattern}/", path) for path in tree.files)
    return {one[0].rstrip("/") for one in found if one}


def _usable(tree: ImageTree, program: str, library: str, image: str) -> Interpreter:
    named = VERSIONED.fullmatch(library.rpartition("/")[2])
    assert named
    release = (int(named[1]), int(named[2]))
    if release < OLDEST:
        raise Refused(
            _("The image {image} has Python {version}, which is too old.",
              image=image, version=".".join(map(str, release))),
            hint=_("Specify an image of Python 3.11 or newer: --runtime IMAGE"),
        )  # fmt: skip
    return Interpreter(program, library, release, _exact_version(tree, program, release))


def _exact_version(tree: ImageTree, program: str, release: tuple[int, int]) -> str:
    """Returns the version that the program or its library contains as text: "3.11.2"."""
    short = f"{release[0]}.{release[1]}"
    shared = [path for path in tree.files if f"/libpython{short}.so" in path]
    text = re.compile(rb"\0(%s\.[0-9]+(?:(?:a|b|rc)[0-9]+)?)\+?\0" % re.escape(short).encode())
    found = (text.search(tree.content(path)) for path in (program, *sorted(shared)))
    return next((one[1].decode() for one in found if one), short)
