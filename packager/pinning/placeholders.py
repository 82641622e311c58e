"""Makes values for variables that are not set, so that Compose can read a file that needs them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from installer.bundle.variables import Variable, variables_in
from packager.yaml.yaml_text import Node

DURATIONS = ("interval", "timeout", "start_period", "start_interval", "stop_grace_period", "delay", "monitor")
PATHS = ("source", "device", "file", "path")
ADDRESSES = ("host_ip", "ipv4_address")
TRUTHS = (
    "read_only", "init", "privileged", "tty", "stdin_open", "external", "internal", "attachable", "disable",
    "required", "nocopy", "create_host_path", "oom_kill_disable", "enable_ipv6",
)  # fmt: skip
WHOLE = re.compile(r"\$(\{[^}]*\}|\w+)")
ADDRESS_FIRST = re.compile(r"\$(\{[^}]*\}|\w+):[^:]+:[^:]+")


@dataclass(frozen=True)
class _Use:
    """A variable without a default, in its value, below these keys."""

    variable: Variable
    value: str
    keys: tuple[str, ...]


def placeholders(trees: Iterable[Node], number: int, *, only_required: bool = False) -> Mapping[str, str]:
    """Maps variables without a default to a value that fits their first use; `number` varies the values."""
    values: dict[str, str] = {}
    uses = [use for tree in trees for use in _uses(tree, ())]
    # a path of a settings file must be inside the project, so its use comes first
    for use in sorted(uses, key=lambda use: "env_file" not in use.keys):
        if use.variable.required or not only_required:
            values.setdefault(use.variable.name, _fitting(use, number))
    return values


def _fitting(use: _Use, number: int) -> str:
    key = use.keys[-1] if use.keys else ""
    is_first, is_whole = use.value.startswith("$"), WHOLE.fullmatch(use.value) is not None
    if "env_file" in use.keys:
        return f"placeholder-{number}"  # a path in the project
    if is_first and (key in PATHS or key == "volumes"):
        return f"/placeholder-{number}"
    if is_first and (key in ADDRESSES or (key == "ports" and ADDRESS_FIRST.match(use.value))):
        return f"127.0.0.{number}"
    if is_whole and key in TRUTHS:
        return "true"
    return f"{number}s" if is_whole and key in DURATIONS else str(number)


def _uses(node: Node, keys: tuple[str, ...]) -> Iterator[_Use]:
    if node.kind == "scalar":
        found = variables_in(node.value)
        yield from (_Use(variable, node.value, keys) for variable in found if variable.default is None)
    for item in node.items:
        yield from _uses(item, keys)
    for entry in node.entries:
        yield from _uses(entry.value, (*keys, entry.key.value))
