"""Models a compose file before and after pinning, so that the two can be compared.

Scalars are text as written, merge keys are resolved, tags are ignored, `x-` sections left out.
"""

import re
from collections.abc import Collection, Mapping

import yaml

from packager.pinning.pinned_mounts import meant_mount

Model = dict[str, object]


class _Words(yaml.SafeLoader):
    """Reads every scalar as text; the merge key is the only type it knows."""


def _untagged(loader: yaml.SafeLoader, node: yaml.Node) -> object:
    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.MappingNode)
    return loader.construct_mapping(node, deep=True)


MERGE = "tag:yaml.org,2002:merge"
_Words.yaml_implicit_resolvers = {"<": [(MERGE, re.compile("<<"))]}
for _type in ("null", "bool", "int", "float", "binary", "timestamp", "omap", "pairs", "set"):
    _Words.add_constructor(f"tag:yaml.org,2002:{_type}", _untagged)
_Words.add_multi_constructor("!", lambda loader, suffix, node: _untagged(loader, node))


def model_of(text: str) -> Model:
    """Returns the document as nested mappings. Raises `yaml.YAMLError`."""
    loaded = yaml.load(text, Loader=_Words)
    if not isinstance(loaded, dict):
        raise yaml.YAMLError("not a mapping")
    return {key: value for key, value in loaded.items() if not str(key).startswith("x-")}


def meant_model(
    model: Model, images: Mapping[str, str], complete: Collection[str], project: str | None
) -> Model:
    """Returns the model that the pinned text must have, derived from that of the original text."""
    services = model.get("services")
    named = services.items() if isinstance(services, dict) else ()
    pinned = {name: _pinned(value, images.get(name), name in complete) for name, value in named}
    return {
        **model,
        **({"services": pinned} if isinstance(services, dict) else {}),
        **({"name": project} if project else {}),
    }


def matches(pinned: Model, meant: Model) -> bool:
    """Returns whether a pinned text has the intended model; additional pull policies `never` are allowed."""
    return _without_policy(pinned) == _without_policy(meant) and _policies(pinned) >= _policies(meant)


def _pinned(service: object, image: str | None, is_complete: bool) -> object:
    if not isinstance(service, dict):
        return service
    kept = {key: value for key, value in service.items() if key != "build"}
    if isinstance(kept.get("volumes"), list):
        kept["volumes"] = [meant_mount(item) for item in kept["volumes"]]
    pinned_keys = ("image", "pull_policy") if is_complete else tuple(kept)
    wanted = {**({"image": image} if image else {}), "pull_policy": "never"}
    return {**kept, **{key: value for key, value in wanted.items() if key in pinned_keys}}


def _without_policy(model: Model) -> Model:
    services = model.get("services")
    if not isinstance(services, dict):
        return model
    bare = {
        name: {k: v for k, v in value.items() if (k, v) != ("pull_policy", "never")}
        if isinstance(value, dict)
        else value
        for name, value in services.items()
    }
    return {**model, "services": bare}


def _policies(model: Model) -> set[str]:
    services = model.get("services")
    named = services.items() if isinstance(services, dict) else ()
    return {
        str(name) for name, value in named if isinstance(value, dict) and value.get("pull_policy") == "never"
    }
