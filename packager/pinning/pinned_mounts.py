"""Edits bind mounts of a release so that they never create a missing path of the host.

A lost folder is then an error on site, never an empty database. Short entries (`./data:/data`) become long
ones in their own place. Two kinds stay unchanged: sources that may be volumes (only a variable), and mounts
that SELinux relabels (`z`, `Z`), because Compose drops the label of a mount that does not create its path.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from packager.project.mounts import PATH_STARTS, WITH_OPTIONS, WITHOUT_OPTIONS, split_short
from packager.yaml.text_edit import PROPERTIES, CannotEdit, Edit, after_last_entry
from packager.yaml.yaml_text import Node

KEY = "create_host_path"
PROPAGATIONS = ("private", "rprivate", "shared", "rshared", "slave", "rslave")
WITHOUT_EFFECT = ("cached", "delegated", "consistent")  # Compose drops them
PLAIN = re.compile(r"(?=.*/)[A-Za-z0-9_~./][A-Za-z0-9_~./-]*")


@dataclass(frozen=True)
class _Mount:
    """A short entry, split into its parts."""

    source: str
    target: str
    is_read_only: bool
    propagation: str
    no_copy: bool

    def written(self, quote: str) -> str:
        """Returns a mapping in flow style; `quote` is that of the file's keys, if they have one."""
        pairs = [("type", _word("bind", quote)), ("source", _word(self.source, quote))]
        pairs += [("target", _word(self.target, quote))]
        pairs += [("read_only", "true")] if self.is_read_only else []
        inner = [("propagation", _word(self.propagation, quote))] if self.propagation else []
        pairs += [("bind", _flow([*inner, (KEY, "false")], quote))]
        pairs += [("volume", _flow([("nocopy", "true")], quote))] if self.no_copy else []
        return _flow(pairs, quote)

    def meant(self) -> dict[str, object]:
        """Returns the content of the mapping."""
        propagation = {"propagation": self.propagation} if self.propagation else {}
        return {
            "type": "bind",
            "source": self.source,
            "target": self.target,
            **({"read_only": "true"} if self.is_read_only else {}),
            "bind": {**propagation, KEY: "false"},
            **({"volume": {"nocopy": "true"}} if self.no_copy else {}),
        }


def mount_edits(text: str, services: Node | None) -> Iterator[Edit]:
    """Yields the edits that keep bind mounts of these services from creating paths. Raises `CannotEdit`."""
    quote = '"' if text.lstrip().startswith("{") else ""  # a file in JSON
    names = services.names() if services else ()
    nodes = [node for name in names if services and (node := services.get(name)) and node.kind == "mapping"]
    lists = [volumes for node in nodes if (volumes := node.get("volumes")) and volumes.kind == "sequence"]
    seen: set[int] = set()
    for item in (item for volumes in lists for item in volumes.items):
        if id(item) not in seen:
            seen.add(id(item))
            is_long = item.kind == "mapping"
            yield from _long_edits(text, item, seen) if is_long else _short_edits(text, item, quote)


def meant_mount(item: object) -> object:
    """Returns the content that an entry of `volumes` must have when pinned, from its original content."""
    if isinstance(item, str):
        short = _taken_apart(item)
        return short.meant() if short else item
    if not isinstance(item, dict) or item.get("type") != "bind":
        return item
    bind = item.get("bind") or {}
    if not isinstance(bind, dict) or "selinux" in bind:
        return item
    return {**item, "bind": {**bind, KEY: "false"}}


def _taken_apart(value: str) -> _Mount | None:
    """Returns None for an entry that may not be a bind mount, or that stays unchanged."""
    parts = split_short(value)
    if len(parts) not in (WITHOUT_OPTIONS, WITH_OPTIONS):
        return None
    source, target, options = (*parts, "")[:WITH_OPTIONS]
    words = options.split(",") if options else []
    known = ("ro", "rw", "nocopy", *PROPAGATIONS, *WITHOUT_EFFECT)
    if not _is_path(source) or not target or set(words) - set(known):
        return None
    modes = [word for word in words if word in ("ro", "rw")]
    propagations = [word for word in words if word in PROPAGATIONS]
    return _Mount(source, target, modes[-1:] == ["ro"], "".join(propagations[-1:]), no_copy="nocopy" in words)


def _is_path(source: str) -> bool:
    """Returns whether the source is a path for any value of a variable: a volume's name has no slash."""
    without_variables = re.sub(r"\$\{.*?\}|\$\w+", "", source)
    return source.startswith(PATH_STARTS) or (source.startswith("$") and "/" in without_variables)


def _short_edits(text: str, item: Node, quote: str) -> Iterator[Edit]:
    mount = _taken_apart(item.value)
    if mount is None or item.tag or item.style in ("|", ">"):
        return
    properties = PROPERTIES.match(text, item.start, item.end)
    start = properties.end() if properties else item.start
    end = start + len(text[start : item.end].rstrip())
    yield start, end, mount.written(quote)


def _long_edits(text: str, item: Node, seen: set[int]) -> Iterator[Edit]:
    kind, bind, own = item.get("type"), item.get("bind"), item.own("bind")
    if kind is None or kind.value != "bind":
        return
    if bind is None:
        yield after_last_entry(text, item, "bind", "{create_host_path: false}")
    elif bind.is_null and own is not None:
        yield own.value_start, own.value_end, " {create_host_path: false}"
    elif bind.kind == "mapping" and bind.get("selinux") is None and id(bind) not in seen:
        seen.add(id(bind))
        yield _never_creating(text, bind)


def _never_creating(text: str, bind: Node) -> Edit:
    entry = bind.own(KEY)
    if entry is None:
        return after_last_entry(text, bind, KEY, "false")
    if entry.value.kind != "scalar":
        raise CannotEdit(entry.key.line)
    return entry.value_start, entry.value_end, "false"


def _flow(pairs: list[tuple[str, str]], quote: str) -> str:
    return "{" + ", ".join(f"{quote}{key}{quote}: {value}" for key, value in pairs) + "}"


def _word(value: str, quote: str) -> str:
    is_plain = not quote and (value.isalpha() or PLAIN.fullmatch(value))
    return value if is_plain else json.dumps(value, ensure_ascii=False)
