"""Reads YAML as written: a tree whose nodes know their place in the text.

Serves `airlock.yml` and compose files, where a problem needs its line and an edit its exact place. Scalars
stay text as written: nothing is converted to a number, a date or a boolean.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import yaml

from installer.errors import UsageProblem
from installer.text import _

Kind = Literal["scalar", "mapping", "sequence"]
NO_TAG = frozenset({None, "!"})
EMPTY_WORDS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(eq=False)
class Node:
    """One value. `start` and `end` are character positions, including an anchor or tag.

    For an alias (`*name`), the node is the one that the alias refers to.
    """

    kind: Kind
    start: int
    end: int
    line: int
    value: str = ""
    style: str = ""
    tag: str = ""
    is_flow: bool = False
    anchor: str = ""
    entries: "list[Entry]" = field(default_factory=list)
    items: "list[Node]" = field(default_factory=list)

    @property
    def is_null(self) -> bool:
        """Returns whether there is no value (`key:` or `key: null`)."""
        return self.kind == "scalar" and not self.style and self.value in EMPTY_WORDS

    def own(self, key: str) -> "Entry | None":
        """Returns the entry written in this mapping itself, without merge keys."""
        return next((entry for entry in self.entries if entry.key.value == key), None)

    def get(self, key: str) -> "Node | None":
        """Returns the value under `key`, also through merge keys (`<<`)."""
        found = self.own(key)
        if found:
            return found.value
        inherited = (source.get(key) for source in self.merged())
        return next((value for value in inherited if value is not None), None)

    def names(self) -> tuple[str, ...]:
        """Returns every key once, own keys first, then those of merge keys."""
        own = [entry.key.value for entry in self.entries if entry.key.value != "<<"]
        return tuple(dict.fromkeys([*own, *(key for source in self.merged() for key in source.names())]))

    def merged(self) -> "Iterator[Node]":
        """Yields the mappings whose entries this one takes over by `<<`."""
        merge = self.own("<<")
        if merge:
            sources = merge.value.items if merge.value.kind == "sequence" else [merge.value]
            yield from (source for source in sources if source.kind == "mapping")


@dataclass(eq=False)
class Entry:
    """One `key: value`. `value_start` and `value_end` are positions in this place, also for an alias."""

    key: Node
    value: Node
    value_start: int
    value_end: int
    is_alias: bool


def read_yaml(text: str, name: str) -> Node:
    """Returns the only document of `text` as a tree. Raises `UsageProblem` with file and line."""
    try:
        return _Reader(text, name).document()
    except yaml.MarkedYAMLError as broken:
        raise _broken(name, broken) from broken
    except yaml.YAMLError as broken:
        raise UsageProblem(
            _("{file} is not valid YAML.", file=name), details=str(broken).splitlines()
        ) from broken


def _broken(name: str, broken: yaml.MarkedYAMLError) -> UsageProblem:
    mark = broken.problem_mark or broken.context_mark
    place = f"{name}:{mark.line + 1}" if mark else name
    words = ": ".join(part for part in (broken.context, broken.problem) if part)
    return UsageProblem(_("{file} is not valid YAML.", file=name), details=[f"{place}: {words}"])


class _Reader:
    """Builds the tree from the events of PyYAML's parser, keeping the place of each alias."""

    def __init__(self, text: str, name: str) -> None:
        self._events = iter(yaml.parse(text, Loader=yaml.SafeLoader))
        self._name = name
        self._anchors: dict[str, Node] = {}

    def document(self) -> Node:
        next(self._events)
        first = next(self._events)
        if isinstance(first, yaml.StreamEndEvent):
            raise UsageProblem(_("{file} is empty.", file=self._name))
        root = self._node(next(self._events))
        next(self._events)
        if not isinstance(next(self._events), yaml.StreamEndEvent):
            raise UsageProblem(
                _("{file} contains several YAML documents; only one is allowed.", file=self._name)
            )
        return root

    def _node(self, event: yaml.Event) -> Node:
        if isinstance(event, yaml.AliasEvent):
            return self._anchors[event.anchor or ""]
        node = _opened(event)
        if node.anchor:
            self._anchors[node.anchor] = node
        if isinstance(event, yaml.MappingStartEvent):
            self._fill_mapping(node)
        elif isinstance(event, yaml.SequenceStartEvent):
            self._fill_sequence(node)
        return node

    def _fill_mapping(self, node: Node) -> None:
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._node(event)
            if node.own(key.value) and key.value != "<<":
                raise UsageProblem(_("{place}: duplicate key `{key}`.", place=self._at(key), key=key.value))
            value_event = self._next()
            value = self._node(value_event)
            node.entries.append(_entry(key, value, value_event))
        _close(node, event, [entry.value_end for entry in node.entries])

    def _fill_sequence(self, node: Node) -> None:
        ends = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            item = self._node(event)
            node.items.append(item)
            ends.append(_end(event) if isinstance(event, yaml.AliasEvent) else item.end)
        _close(node, event, ends)

    def _next(self) -> yaml.Event:
        return next(self._events)

    def _at(self, node: Node) -> str:
        return f"{self._name}:{node.line}"


def _opened(event: yaml.Event) -> Node:
    assert isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent))
    node = Node(_kind(event), _start(event), _end(event), _line(event))
    node.tag = "" if event.tag in NO_TAG else str(event.tag)
    node.anchor = event.anchor or ""
    if isinstance(event, yaml.ScalarEvent):
        node.value, node.style = event.value, event.style or ""
    else:
        node.is_flow = bool(event.flow_style)
    return node


def _kind(event: yaml.Event) -> Kind:
    if isinstance(event, yaml.MappingStartEvent):
        return "mapping"
    return "sequence" if isinstance(event, yaml.SequenceStartEvent) else "scalar"


def _entry(key: Node, value: Node, event: yaml.Event) -> Entry:
    is_alias = isinstance(event, yaml.AliasEvent)
    return Entry(key, value, _start(event), _end(event) if is_alias else value.end, is_alias)


def _close(node: Node, event: yaml.Event, ends: list[int]) -> None:
    """Ends a block collection at its last value: the parser's own mark is after comments."""
    node.end = _end(event) if node.is_flow else max(ends, default=node.end)


def _start(event: yaml.Event) -> int:
    return event.start_mark.index if event.start_mark else 0


def _end(event: yaml.Event) -> int:
    return event.end_mark.index if event.end_mark else 0


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
