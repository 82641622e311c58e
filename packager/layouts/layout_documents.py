"""Reads the documents of an image layout: indexes, manifests, configs, each of a known type.

https://github.com/opencontainers/image-spec image-index.md, manifest.md, config.md, and Docker's equivalents.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from installer.bundle.layout import shown
from installer.bundle.manifest.strict_json import NotJson, json_object
from installer.text import _
from packager.layers.image_documents import ImageConfig, parse_document
from packager.layouts.descriptor import (
    CONFIGS,
    INDEXES,
    LAYERS,
    MANIFESTS,
    Descriptor,
    parse_descriptor,
    parse_descriptors,
)
from packager.layouts.layout_files import damaged, read_document

Parsed = TypeVar("Parsed")


def read_index(folder: Path, named: Descriptor) -> tuple[Descriptor, ...]:
    """Returns the manifests that an index names. Raises `Refused`, also for an index in an index."""
    members = _members(folder, named, INDEXES)
    entries = parsed(folder / named.path, members.get("manifests"), parse_descriptors)
    if any(entry.media_type in INDEXES for entry in entries):
        raise damaged(folder / named.path, _("It is an index with another index in it."))
    return entries


def read_manifest(folder: Path, named: Descriptor) -> tuple[Descriptor, tuple[Descriptor, ...]]:
    """Returns the config and the layers that a manifest names. Raises `Refused`."""
    members, path = _members(folder, named, MANIFESTS), folder / named.path
    config = parsed(path, members.get("config"), parse_descriptor)
    layers = parsed(path, members.get("layers"), parse_descriptors)
    for layer in layers:
        _expect_type(folder, layer, LAYERS)
    return config, layers


def read_config(folder: Path, named: Descriptor) -> ImageConfig:
    """Returns the config of an image. Raises `Refused`."""
    _expect_type(folder, named, CONFIGS)
    document = parse_document(read_document(folder, named))
    if not isinstance(document, ImageConfig):
        raise damaged(folder / named.path, _("It is not the config of an image."))
    return document


def parsed(path: Path, raw: object, parse: Callable[[object], Parsed]) -> Parsed:
    """Returns what `parse` makes of a member of the document `path`. Raises `Refused`."""
    try:
        return parse(raw)
    except ValueError as problem:
        words = shown(str(problem))
        raise damaged(path, _("It does not describe a file as it should: {problem}", problem=words)) from None


def _members(folder: Path, named: Descriptor, known: Sequence[str]) -> Mapping[str, object]:
    _expect_type(folder, named, known)
    try:
        return json_object(read_document(folder, named))
    except NotJson as problem:
        raise damaged(folder / named.path, _("It cannot be read: {problem}", problem=problem)) from problem


def _expect_type(folder: Path, named: Descriptor, known: Sequence[str]) -> None:
    if named.media_type not in known:
        raise damaged(
            folder / named.path,
            _("Its media type is unknown: {type}", type=shown(named.media_type) or "-"),
            _("Known: {types}", types=", ".join(known)),
        )
