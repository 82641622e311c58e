"""Pins a compose file to one release: the same text and comments, with images fixed and nothing built.

Edits the text at the places of its YAML nodes. The result is read again and compared with the intended model;
a text that cannot be edited safely is an error with its place, never a wrong file.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import yaml

from installer.errors import UsageProblem
from installer.text import _
from packager.pinning.pinned_model import matches, meant_model, model_of
from packager.pinning.pinned_mounts import mount_edits
from packager.yaml.text_edit import CannotEdit, apply_edits, set_entries
from packager.yaml.yaml_text import Node, read_yaml

POLICY = "never"


def pin(
    text: str,
    name: str,
    images: Mapping[str, str],
    *,
    complete: Collection[str],
    project: str | None = None,
) -> str:
    """Returns the text of compose file `name` with images and pull policies fixed and safe bind mounts.

    Bind mounts no longer create missing paths. `images` maps services to references; a service not in it
    keeps its image. The services in `complete` get both keys; others only keep those in this file. `project`
    becomes the top-level `name:` if given. Raises `UsageProblem` with the place that cannot be pinned.
    """
    root = read_yaml(text, name)
    try:
        edits = [edit for change in _changes(root, images, complete, project) for edit in change.edits(text)]
        edits += mount_edits(text, root.get("services"))
        pinned = apply_edits(text, edits)
    except CannotEdit as problem:
        raise _unsafe(f"{name}:{problem.line}") from problem
    try:
        is_right = matches(model_of(pinned), meant_model(model_of(text), images, complete, project))
    except yaml.YAMLError as broken:
        raise _unsafe(name) from broken
    if not is_right:
        raise _unsafe(name)
    return pinned


@dataclass(frozen=True)
class _Change:
    """The changes of one mapping of the text: entries to set; `build` is removed."""

    node: Node
    entries: Mapping[str, str]

    def edits(self, text: str) -> Iterator[tuple[int, int, str]]:
        yield from set_entries(
            text, self.node, self.entries, removing="build", instead=("pull_policy", POLICY)
        )


def _changes(
    root: Node, images: Mapping[str, str], complete: Collection[str], project: str | None
) -> list[_Change]:
    services = root.get("services")
    named = [(name, services.get(name)) for name in services.names()] if services else []
    changes: dict[int, _Change] = {id(root): _Change(root, {"name": project})} if project else {}
    for name, node in named:
        if node is not None and node.kind == "mapping":
            change = _Change(node, _entries(node, images.get(name), name in complete))
            if changes.setdefault(id(node), change).entries != change.entries:
                raise CannotEdit(node.line)
    for node in [change.node for change in changes.values()]:
        for source in _merge_sources(node):
            changes.setdefault(id(source), _Change(source, {}))
    return list(changes.values())


def _entries(node: Node, image: str | None, is_complete: bool) -> dict[str, str]:
    """Returns the entries that the mapping itself needs: existing ones corrected, and missing ones."""
    wanted = {**({"image": image} if image else {}), "pull_policy": POLICY}
    existing = {key: value.value for key in wanted if (value := node.get(key)) is not None}
    return {
        key: value
        for key, value in wanted.items()
        if node.own(key) or (existing.get(key) != value and (is_complete or key in existing))
    }


def _merge_sources(node: Node) -> Iterator[Node]:
    for source in node.merged():
        yield source
        yield from _merge_sources(source)


def _unsafe(place: str) -> UsageProblem:
    return UsageProblem(
        _("{place}: a service written this way cannot be pinned safely.", place=place),
        hint=_("Write the service as a plain block with its own `image:` and `build:` keys."),
    )
