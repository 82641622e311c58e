"""Which files a release needs from the site to start, as its compose files name them."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from installer.bundle.secret_names import is_secret_name
from installer.bundle.variables import NoValue, with_values

FILE_SECTIONS = ("secrets", "configs")


@dataclass(frozen=True)
class NeededFile:
    """`name` is relative to the release directory where it lies in it, else absolute.

    `is_read_first`: Compose reads it before anything else, and fails at once without it.
    """

    name: str
    is_read_first: bool


def needed_files(
    directory: Path, compose_files: Iterable[str], state: Iterable[str], values: Mapping[str, str]
) -> tuple[NeededFile, ...]:
    """Env files, secrets and configs of the compose files, and those of `state` that are keys by their name.

    `values` are those of variables in the files' names; a file whose name has no value is left to Compose.
    """
    found = [NeededFile(name, is_read_first=False) for name in state if _is_key(directory, name)]
    for file in compose_files:
        found += _named_in((directory / file).read_bytes(), directory, values)
    return tuple({(one.name, one.is_read_first): one for one in found}.values())


def missing_files(directory: Path, needed: Iterable[NeededFile]) -> tuple[NeededFile, ...]:
    """Those that are not there; a link that leads nowhere counts as nothing."""
    return tuple(one for one in needed if not (directory / one.name).is_file())


def _is_key(directory: Path, name: str) -> bool:
    return is_secret_name(PurePath(name)) and not (directory / name).is_dir()


def _named_in(raw: bytes, directory: Path, values: Mapping[str, str]) -> Iterator[NeededFile]:
    import yaml

    document = yaml.load(raw, yaml.BaseLoader)
    if not isinstance(document, dict):
        return
    for service in _mappings(document.get("services")):
        for written in _env_files(service.get("env_file")):
            yield from _needed(written, directory, values, is_read_first=True)
    for section in FILE_SECTIONS:
        for entry in _mappings(document.get(section)):
            file = entry.get("file")
            if isinstance(file, str):
                yield from _needed(file, directory, values, is_read_first=False)


def _mappings(node: object) -> Iterator[Mapping[str, object]]:
    if isinstance(node, dict):
        yield from (entry for entry in node.values() if isinstance(entry, dict))


def _env_files(node: object) -> Iterator[str]:
    for entry in node if isinstance(node, list) else [node]:
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict) and entry.get("required") != "false":
            yield str(entry.get("path", ""))


def _needed(
    written: str, directory: Path, values: Mapping[str, str], *, is_read_first: bool
) -> Iterator[NeededFile]:
    try:
        path = Path(os.path.normpath(directory / Path(with_values(written, values)).expanduser()))
    except NoValue:
        return
    is_inside = path.is_relative_to(directory) and path != directory
    yield NeededFile(str(path.relative_to(directory) if is_inside else path), is_read_first)
