"""Reads compose files as written, with all that they include and extend, without knowing any variable."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

Text = Mapping[str, object]


@dataclass(frozen=True)
class Written:
    """A mapping of the compose file `file`, merge keys resolved; its paths are relative to `folder`."""

    node: Text
    file: Path
    folder: Path

    def mappings(self, key: str) -> dict[str, "Written"]:
        """Returns the mappings of a section such as `services`, by name."""
        section = mapping(self.node.get(key))
        found = {name: mapping(one) for name, one in section.items()}
        return {name: Written(node, self.file, self.folder) for name, node in found.items() if node}

    def below(self, path: str) -> Path:
        """Resolves a path that is written here."""
        return Path(os.path.normpath(self.folder / path))


@dataclass(frozen=True)
class WrittenCompose:
    """Compose files of a project: `documents` are all files, `includes` the `include:` entries.

    Each of the `services` is followed by the services it extends, nearest first.
    """

    documents: tuple[Written, ...]
    includes: tuple[Written, ...]
    services: tuple[tuple[Written, ...], ...]


def read_written(folder: Path, files: Iterable[str]) -> WrittenCompose:
    """Reads compose files of the project in `folder`; a missing file counts as empty."""
    documents, includes = [], []
    waiting = [(folder / file, folder) for file in files]
    seen: set[Path] = set()
    while waiting:
        path, base = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        documents.append(Written(_read(path), path, base))
        for entry in _includes(documents[-1]):
            includes.append(entry)
            waiting += [(path, included_folder(entry)) for path in _included(entry)]
    services = (service for document in documents for service in document.mappings("services").values())
    return WrittenCompose(tuple(documents), tuple(includes), tuple(map(_with_bases, services)))


def included_folder(entry: Written) -> Path:
    """Returns the folder to which paths in the files of an `include:` entry are relative."""
    told = texts(entry.node.get("project_directory"))
    return entry.below(told[0]) if told else _included(entry)[0].parent


def mapping(value: object) -> Text:
    """Returns a mapping with its merge keys resolved; empty for any other value."""
    if not isinstance(value, dict):
        return {}
    brought = value.get("<<")
    merged: dict[str, object] = {}
    for source in reversed(brought if isinstance(brought, list) else [brought]):
        merged |= mapping(source)
    return {**merged, **{key: one for key, one in value.items() if key != "<<"}}


def texts(value: object) -> list[str]:
    """Returns the string, or the strings of a list."""
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _includes(document: Written) -> Iterator[Written]:
    entries = document.node.get("include")
    for entry in entries if isinstance(entries, list) else ():
        node = {"path": entry} if isinstance(entry, str) else mapping(entry)
        if texts(node.get("path")):
            yield Written(node, document.file, document.folder)


def _included(entry: Written) -> list[Path]:
    return [entry.below(path) for path in texts(entry.node.get("path"))]


def _with_bases(service: Written) -> tuple[Written, ...]:
    found = [service]
    while (base := _base_of(found[-1])) is not None and base not in found:
        found.append(base)
    return tuple(found)


def _base_of(service: Written) -> Written | None:
    extends = service.node.get("extends")
    told = {"service": extends} if isinstance(extends, str) else mapping(extends)
    file, name = told.get("file"), told.get("service")
    path = service.below(file) if isinstance(file, str) else service.file
    folder = path.parent if isinstance(file, str) else service.folder
    return Written(_read(path), path, folder).mappings("services").get(str(name)) if told else None


def _read(file: Path) -> Text:
    import yaml

    return mapping(yaml.load(file.read_bytes(), yaml.BaseLoader)) if file.is_file() else {}
