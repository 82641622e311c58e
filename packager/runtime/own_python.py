"""Assembles the package's own Python: loader, libraries, interpreter, and what is needed of its modules."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import INSTALLER, RUNTIME, RUNTIME_PYTHON
from installer.errors import Refused
from installer.system.docker.docker import Engine
from installer.system.files.temporary import temporary_folder
from packager.file.package_file import FILE_MODE, PROGRAM_MODE, PackedFile
from packager.runtime.bytecode import compiled
from packager.runtime.image_tree import ImageTree, read_tree
from packager.runtime.imported_modules import SOURCE, Module, modules_in
from packager.runtime.interpreter import Interpreter, find_interpreter
from packager.runtime.licences import licences_of
from packager.runtime.module_choice import Choice, choose_modules
from packager.runtime.runtime_image import RuntimeImage
from packager.runtime.shared_libraries import libraries_of
from packager.runtime.stored_zip import stored_zip

EXTENSION = re.compile(r"lib-dynload/([^/.]+)\.[^/]*\.so")


@dataclass(frozen=True)
class OwnPython:
    """The files of `runtime/`, and bytecode for installer.pyz: none if the image cannot run here."""

    version: str
    files: tuple[PackedFile, ...]
    bytecode: Mapping[str, bytes]


@contextmanager
def own_python(image: RuntimeImage, engine: Engine, installer: Mapping[str, bytes]) -> Iterator[OwnPython]:
    """Yields the Python of an image for `installer`, the files of installer.pyz; its files last as long.

    Raises `Refused` if the image has none that fits.
    """
    with temporary_folder(Path(tempfile.gettempdir()), "airlock-runtime-") as folder:
        with engine.file_system(image.stored.id) as archive:
            tree = read_tree(archive, folder)
        yield _assembled(tree, image, installer, folder)


def _assembled(
    tree: ImageTree, image: RuntimeImage, installer: Mapping[str, bytes], folder: Path
) -> OwnPython:
    path = image.stored.defaults.environment.get("PATH")
    found = find_interpreter(tree, path.reveal() if path else "", image.reference)
    standard = _standard_modules(tree, found)
    choice = choose_modules(installer, standard)
    modules = {m.path: tree.real(f"{found.library}/{m.path}") or "" for m in choice.standard.values()}
    native = {path: real for path, real in modules.items() if not path.endswith(SOURCE)}
    loader, libraries = libraries_of(tree, found.program, native.values(), image.reference)
    library, bytecode = _library(choice, installer, image, found, folder)
    licences = licences_of(tree, found, [found.program, *libraries.values()])
    places = {
        **{f"{RUNTIME}/lib/{name}": real for name, real in libraries.items()},
        **{f"{RUNTIME}/lib/{found.name}/{path}": real for path, real in native.items()},
        RUNTIME_PYTHON: found.program,
    }
    programs = (RUNTIME_PYTHON, f"{RUNTIME}/lib/{loader}")
    files = (
        *(_taken(path, tree.files[real], path in programs) for path, real in places.items()),
        PackedFile(f"{RUNTIME}/lib/{found.zip_name}", stored_zip(library)),
        *(PackedFile(f"{RUNTIME}/licences/{name}", text) for name, text in licences.items()),
    )
    return OwnPython(found.version, files, bytecode)


def _standard_modules(tree: ImageTree, found: Interpreter) -> dict[str, Module]:
    paths = list(tree.below(found.library))
    texts = {path: tree.real(f"{found.library}/{path}") or "" for path in paths if path.endswith(SOURCE)}
    sources = {path: tree.content(real) for path, real in texts.items()}
    native = {named[1]: Module(named[1], named[0], b"") for named in map(EXTENSION.fullmatch, paths) if named}
    return {**modules_in(sources), **native}


def _taken(path: str, source: Path, is_program: bool) -> PackedFile:
    return PackedFile(path, source, PROGRAM_MODE if is_program else FILE_MODE)


def _library(
    choice: Choice, installer: Mapping[str, bytes], image: RuntimeImage, found: Interpreter, folder: Path
) -> tuple[Mapping[str, bytes], Mapping[str, bytes]]:
    """Returns the standard library and the installer's bytecode; sources if the image cannot run here."""
    standard = {one.path: one.source for one in choice.standard.values() if one.path.endswith(SOURCE)}
    ours = {path: installer[path] for path in choice.installer}
    try:
        made = compiled(
            {**_in_folder(found.zip_name, standard), **_in_folder(INSTALLER, ours)},
            image.stored.id,
            found.program,
            folder,
        )
    except Refused:
        if image.runs_here:
            raise
        return standard, {}
    return _out_of(found.zip_name, made), _out_of(INSTALLER, made)


def _in_folder(name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Puts files into a folder: tracebacks show these paths."""
    return {f"{name}/{path}": content for path, content in files.items()}


def _out_of(name: str, files: Mapping[str, bytes]) -> dict[str, bytes]:
    start = f"{name}/"
    return {path.removeprefix(start): content for path, content in files.items() if path.startswith(start)}
