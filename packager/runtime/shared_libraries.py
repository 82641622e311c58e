"""Finds the loader and all shared libraries that programs and extension modules need, inside an image."""

import re
from collections.abc import Iterable, Iterator

from installer.errors import Refused
from installer.text import _
from packager.runtime.elf_file import ElfFile, read_elf
from packager.runtime.image_tree import ImageTree
from packager.runtime.runtime_image import DEFAULT_IMAGE

MUSL = "ld-musl"
MACHINE_FOLDER = re.compile(r"((?:usr/(?:local/)?)?lib/[^/]+-linux-gnu[^/]*)/")
PLAIN_FOLDERS = ("usr/local/lib", "lib", "usr/lib", "lib64", "usr/lib64")
NAMES_OF_HOSTS = ("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2")  # part of glibc itself since 2.34
GLIBC_VERSION = re.compile(rb"GNU C Library [^\n]* version 2\.([0-9]+)")
LOOKS_UP_BY_ITSELF = 34
GLIBC = "libc.so.6"
ORIGIN = re.compile(r"\$(ORIGIN|\{ORIGIN\})")


def libraries_of(
    tree: ImageTree, program: str, modules: Iterable[str], image: str
) -> tuple[str, dict[str, str]]:
    """Returns the loader's name, and maps names of libraries to paths in the tree, the loader among them.

    Raises `Refused` if a library is missing or the program is not one for glibc.
    """
    needs = read_elf(tree.files[program])
    loader = needs.loader if needs else None
    if loader is None or MUSL in loader or tree.real(loader) is None:
        raise _without_glibc(image, loader)
    name = loader.rpartition("/")[2]
    found = {name: tree.real(loader) or ""}
    _Search(tree, image).add([program, *modules], found)
    if GLIBC in found and _glibc(tree.content(found[GLIBC])) < LOOKS_UP_BY_ITSELF:
        _Search(tree, image).add_named(NAMES_OF_HOSTS, found)
    return name, dict(sorted(found.items()))


class _Search:
    """Looks for libraries as the loader does: the folders that a file names, then the system's."""

    def __init__(self, tree: ImageTree, image: str) -> None:
        self._tree, self._image = tree, image
        machine = {found[1] for found in map(MACHINE_FOLDER.match, tree.files) if found}
        self._folders = (*PLAIN_FOLDERS, *sorted(machine))

    def add(self, files: Iterable[str], found: dict[str, str]) -> None:
        """Adds all that these files need, and what that needs, to `found`."""
        waiting = list(files)
        while waiting:
            path = waiting.pop()
            needs = read_elf(self._tree.files[path])
            for name in needs.needed if needs else ():
                if name not in found:
                    found[name] = self._place(name, path, needs)
                    waiting.append(found[name])

    def add_named(self, names: Iterable[str], found: dict[str, str]) -> None:
        """Adds the libraries with these names that the image has."""
        there = {name: next(self._candidates(name, ()), None) for name in names}
        found.update((name, path) for name, path in there.items() if path)
        self.add([path for path in there.values() if path], found)

    def _place(self, name: str, path: str, needs: ElfFile | None) -> str:
        origin = path.rpartition("/")[0]
        own = [ORIGIN.sub(f"/{origin}", one) for one in (needs.search_paths if needs else ())]
        place = next(self._candidates(name, own), None)
        if place is None:
            raise Refused(
                _(
                    "The image {image} lacks the library {name}, which its Python needs.",
                    image=self._image,
                    name=name,
                ),
                details=[path],
                hint=_("Specify another image: --runtime IMAGE"),
            )
        return place

    def _candidates(self, name: str, own: Iterable[str]) -> Iterator[str]:
        for folder in (*own, *self._folders):
            if real := self._tree.real(f"{folder}/{name}"):
                yield real


def _glibc(content: bytes) -> int:
    """Returns the second number of the version of glibc; a very high one if it is unknown."""
    found = GLIBC_VERSION.search(content)
    return int(found[1]) if found else LOOKS_UP_BY_ITSELF


def _without_glibc(image: str, loader: str | None) -> Refused:
    return Refused(
        _("The Python of the image {image} does not use glibc, which a package needs.", image=image),
        details=[_("Its loader: {loader}", loader=loader or _("none"))],
        hint=_("Specify an image with glibc, such as {image}: --runtime IMAGE", image=DEFAULT_IMAGE),
    )
