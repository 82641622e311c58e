"""The compose files that an export builds from: only what is built, tagged as the release wants it.

All else is left out, so that neither the engineer's `.env` nor a variable of another section takes part.
"""

import json
from collections.abc import Mapping

import yaml

TOP_LEVEL = ("services", "secrets")
OF_SERVICE = ("build", "extends", "<<")


def build_file(text: str) -> str:
    """A compose text reduced to its `build:` sections; values stay as they are written."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    _keep(root, TOP_LEVEL)
    for key, services in root.value:
        if key.value == "services" and isinstance(services, yaml.MappingNode):
            for _name, service in services.value:
                _reduce(service, set())
    return yaml.serialize(root, Dumper=yaml.SafeDumper, allow_unicode=True)


def image_file(images: Mapping[str, str], platform: str | None) -> str:
    """A compose text that gives every service its image's name, and the platform to build for."""
    for_platform = {"platform": platform} if platform else {}
    services = {name: {"image": reference, **for_platform} for name, reference in images.items()}
    return json.dumps({"services": services}, indent=2)


def _reduce(node: yaml.Node, seen: set[int]) -> None:
    """Reduce a service and what it merges in; an alias is the same node and reduced once."""
    if not isinstance(node, yaml.MappingNode) or id(node) in seen:
        return
    seen.add(id(node))
    _keep(node, OF_SERVICE)
    for key, value in node.value:
        if key.value == "<<":
            for source in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                _reduce(source, seen)


def _keep(node: yaml.MappingNode, names: tuple[str, ...]) -> None:
    node.value = [(key, value) for key, value in node.value if key.value in names]
