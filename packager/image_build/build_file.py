"""Makes the compose files that an export builds from: only built services, tagged for the release.

Everything else is left out, so that neither the engineer's `.env` nor a variable of another section is read.
"""

import json
from collections.abc import Mapping
from pathlib import Path

import yaml

TOP_LEVEL = ("services", "secrets")
OF_SERVICE = ("build", "extends", "<<")
CONTEXTS = ("context", "additional_contexts")


def build_file(
    text: str,
    base: Path | None = None,
    places: Mapping[str, str] | None = None,
    *,
    refines_another: bool = False,
) -> str:
    """Reduces a compose text to its `build:` sections; values stay as written.

    `base` is the folder that relative paths in the text start from, if it is not the project's; a `build:`
    without a context then gets it, unless the text only `refines_another`. `places` maps the names of
    extended files in this text to their paths.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    _keep(root, TOP_LEVEL)
    rewriting = _Rewriting(base, places or {}, refines_another)
    for key, section in root.value:
        for _name, entry in section.value if isinstance(section, yaml.MappingNode) else ():
            if key.value == "services":
                rewriting.service(entry)
            else:
                rewriting.paths_in(entry, ("file",))
    return yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True)


def image_file(images: Mapping[str, str], platform: str | None) -> str:
    """Returns a compose text that sets the image name of every service, and the platform to build for."""
    for_platform = {"platform": platform} if platform else {}
    services = {name: {"image": reference, **for_platform} for name, reference in images.items()}
    return json.dumps({"services": services}, indent=2)


class _Rewriting:
    """Reduces services, each node once: an alias is the same node."""

    def __init__(self, base: Path | None, places: Mapping[str, str], refines_another: bool) -> None:
        self._base = base
        self._places = places
        self._refines_another = refines_another
        self._seen: set[int] = set()

    def service(self, node: yaml.Node) -> None:
        """Reduces a service and the mappings merged into it."""
        if not isinstance(node, yaml.MappingNode) or self._is_done(node):
            return
        _keep(node, OF_SERVICE)
        for key, value in node.value:
            if key.value == "<<":
                for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                    self.service(source)
            elif key.value == "extends" and isinstance(value, yaml.MappingNode):
                self._extends(value)
            elif key.value == "build":
                self._build(value, is_whole=all(other.value != "extends" for other, _value in node.value))

    def paths_in(self, node: yaml.Node, names: tuple[str, ...]) -> None:
        """Makes relative paths under these names start from the base."""
        for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
            if key.value in names:
                self._anchor(value)

    def _build(self, node: yaml.Node, *, is_whole: bool) -> None:
        if isinstance(node, yaml.ScalarNode):
            self._anchor(node)
            return
        gets_context = self._base is not None and is_whole and not self._refines_another
        if gets_context and not any(key.value in ("context", "<<") for key, _value in node.value):
            node.value.append((_text("context"), _text(".")))
        self.paths_in(node, CONTEXTS)

    def _extends(self, node: yaml.MappingNode) -> None:
        for key, value in node.value:
            if key.value == "file" and not self._is_done(value):
                value.value = self._places.get(value.value, value.value)

    def _anchor(self, node: yaml.Node) -> None:
        if self._base is None:
            return
        if isinstance(node, yaml.MappingNode):
            for _key, value in node.value:
                self._anchor(value)
        elif isinstance(node, yaml.SequenceNode):
            for item in node.value:
                self._anchor_named(item)
        elif not self._is_done(node):
            node.value = anchored(node.value, self._base)

    def _anchor_named(self, item: yaml.Node) -> None:
        """Rewrites an item of `additional_contexts` in its other form, `name=path`."""
        name, equals, path = item.value.partition("=")
        if equals and self._base is not None and not self._is_done(item):
            item.value = f"{name}={anchored(path, self._base)}"

    def _is_done(self, node: yaml.Node) -> bool:
        if id(node) in self._seen:
            return True
        self._seen.add(id(node))
        return False


def anchored(path: str, base: Path) -> str:
    """Returns a relative path from `base`; URLs, absolute paths and those starting with a variable as is."""
    is_elsewhere = path.startswith(("/", "~", "$", "git@")) or ":" in path
    return path if is_elsewhere else f"{base}/{path}"


def _text(value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode("tag:yaml.org,2002:str", value)


def _keep(node: yaml.MappingNode, names: tuple[str, ...]) -> None:
    node.value = [(key, value) for key, value in node.value if key.value in names]
