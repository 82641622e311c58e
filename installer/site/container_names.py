"""The container names that compose files fix, as written: known before any setting is."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def fixed_container_names(files: Iterable[Path]) -> frozenset[str]:
    """Those of the files, of what they include, and of the services in other files that they extend."""
    reading = _Reading()
    return frozenset(name for file in files for name in reading.names_in(file, file.parent))


class _Reading:
    """Reads each file once, so that files which name each other end."""

    def __init__(self) -> None:
        self._seen: set[Path] = set()
        self._bases: set[tuple[Path, str]] = set()

    def names_in(self, file: Path, folder: Path) -> Iterator[str]:
        """The names of all services in a file whose paths begin at `folder`."""
        if file in self._seen:
            return
        self._seen.add(file)
        document = _read(file)
        for service in _mapping(document.get("services")).values():
            yield from self._names_of(_mapping(service), folder)
        for item in _texts_and_mappings(document.get("include")):
            included = _mapping(item)
            paths = [_below(folder, path) for path in _texts(included.get("path", item))]
            told = [_below(folder, path) for path in _texts(included.get("project_directory"))]
            for path in paths:
                yield from self.names_in(path, told[0] if told else paths[0].parent)

    def _names_of(self, service: dict[str, object], folder: Path) -> Iterator[str]:
        if "container_name" in service:
            yield str(service["container_name"])
            return
        extends = _mapping(service.get("extends"))
        written, name = extends.get("file"), extends.get("service")
        if not isinstance(written, str) or not isinstance(name, str):
            return
        file = _below(folder, written)
        if (file, name) not in self._bases:
            self._bases.add((file, name))
            base = _mapping(_mapping(_read(file).get("services")).get(name))
            yield from self._names_of(base, file.parent)


def _below(folder: Path, path: str) -> Path:
    return Path(os.path.normpath(folder / path))


def _read(file: Path) -> dict[str, object]:
    import yaml

    return _mapping(yaml.load(file.read_bytes(), yaml.BaseLoader)) if file.is_file() else {}


def _mapping(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _texts_and_mappings(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _texts(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str)]
