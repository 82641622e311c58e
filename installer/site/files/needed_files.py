"""Finds the files that a release needs from the site to start, as its compose files name them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from installer.bundle.layout import ENV
from installer.bundle.secret_names import is_secret_name
from installer.bundle.variables import NoValue, with_values
from installer.site.files.lent_settings import NOTHING
from installer.site.files.written_compose import Written, included_folder, mapping, read_written, texts

FILE_SECTIONS = ("secrets", "configs")


@dataclass(frozen=True)
class NeededFile:
    """A file that a release needs. `name` is relative to the release directory if inside it, else absolute.

    `is_read_first`: Compose reads it before anything else, and fails at once if a required one is missing.
    """

    name: str
    is_read_first: bool
    is_required: bool = True


def needed_files(
    directory: Path, compose_files: Iterable[str], state: Iterable[str], values: Mapping[str, str]
) -> tuple[NeededFile, ...]:
    """Returns the env files, secrets and configs of the compose files, and the keys in `state`.

    Reads included and extended compose files too. A key is recognised by its name. `values` fill in variables
    in the files' names; files whose name lacks a value are left to Compose.
    """
    naming = _Naming(directory, values)
    compose = read_written(directory, compose_files)
    found = [NeededFile(name, is_read_first=False) for name in state if _is_key(directory, name)]
    for entry in compose.includes:
        found += naming.settings_of_include(entry)
    for part in (part for service in compose.services for part in service):
        found += naming.env_files(part)
    for document in compose.documents:
        found += naming.sections(document)
    required = [one for one in found if one.is_required]  # even if optional for another service
    return tuple({(one.name, one.is_read_first): one for one in (*found, *required)}.values())


def missing_files(directory: Path, needed: Iterable[NeededFile]) -> tuple[NeededFile, ...]:
    """Returns the required files that are missing; a dangling link counts as missing."""
    return tuple(one for one in needed if one.is_required and not (directory / one.name).is_file())


def _is_key(directory: Path, name: str) -> bool:
    return is_secret_name(PurePath(name)) and not (directory / name).is_dir()


@dataclass(frozen=True)
class _Naming:
    """Finds the files that mappings of compose files name, for one release directory and these variables."""

    directory: Path
    values: Mapping[str, str]

    def settings_of_include(self, entry: Written) -> Iterator[NeededFile]:
        """Yields its env files; Compose defaults to a `.env` beside the included files, if there is one."""
        told = texts(entry.node.get("env_file"))
        for written in told:
            yield from self._file(entry, written, is_read_first=True)
        if not told and included_folder(entry) != self.directory:
            yield from self._file(entry, str(included_folder(entry) / ENV), is_required=False)

    def env_files(self, service: Written) -> Iterator[NeededFile]:
        entries = service.node.get("env_file")
        for entry in entries if isinstance(entries, list) else [entries]:
            node = {"path": entry} if isinstance(entry, str) else mapping(entry)
            is_required = str(node.get("required")).lower() != "false"
            for written in texts(node.get("path")):
                yield from self._file(service, written, is_read_first=True, is_required=is_required)

    def sections(self, document: Written) -> Iterator[NeededFile]:
        for section in FILE_SECTIONS:
            for entry in document.mappings(section).values():
                for written in texts(entry.node.get("file")):
                    yield from self._file(entry, written)

    def _file(
        self, where: Written, written: str, *, is_read_first: bool = False, is_required: bool = True
    ) -> Iterator[NeededFile]:
        try:
            path = where.below(str(Path(with_values(written, self.values)).expanduser()))
        except NoValue:
            return
        if path == NOTHING:
            return
        is_inside = path.is_relative_to(self.directory) and path != self.directory
        name = str(path.relative_to(self.directory) if is_inside else path)
        yield NeededFile(name, is_read_first, is_required)
