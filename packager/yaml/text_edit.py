"""Changes single entries of YAML mappings in the text itself, so that the rest stays unchanged."""

import re
from collections.abc import Iterable, Iterator, Mapping

from packager.yaml.yaml_text import Entry, Node

Edit = tuple[int, int, str]
PROPERTIES = re.compile(r"(?:[&!]\S*[ \t]+)+")


class CannotEdit(Exception):
    """The text at `line` is written in a way that cannot be edited safely."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Returns the text with every `(start, end, replacement)` applied; edits must not overlap."""
    for start, end, replacement in sorted(edits, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text


def set_entries(
    text: str, node: Node, entries: Mapping[str, str], *, removing: str, instead: tuple[str, str]
) -> Iterator[Edit]:
    """Yields the edits that set `entries` in the mapping and remove `removing`.

    A mapping that would lose its last entry gets `instead`. Raises `CannotEdit`.
    """
    removed = node.own(removing)
    if removed and not entries and len(node.entries) == 1:
        entries = dict([instead])
    present = {key: entry for key in entries if (entry := node.own(key))}
    for key, entry in present.items():
        yield _new_value(text, entry, entries[key])
    new = {key: value for key, value in entries.items() if key not in present}
    write = _flow_edits if node.is_flow else _block_edits
    yield from write(text, node, removed, new, present)


def after_last_entry(text: str, node: Node, key: str, value: str) -> Edit:
    """Returns the edit that adds `key: value` after all entries of a mapping. Raises `CannotEdit`."""
    if not node.entries:
        at = _inside(text, node)
        return at, at, f"{key}: {value}"
    first, last = node.entries[0].key, max(node.entries, key=lambda entry: entry.value_end)
    if node.is_flow:
        return (
            last.value_end,
            last.value_end,
            f", {_quoted(key, first.style)}: {_requoted(value, first.style)}",
        )
    column = first.start - _line_start(text, first.start)
    newline = "\r\n" if "\r\n" in text else "\n"
    if last.value.style in ("|", ">") and not last.is_alias:
        raise CannotEdit(last.key.line)
    end = _line_end(text, _last(text, last))
    return end, end, f"{newline}{' ' * column}{key}: {value}"


def _requoted(value: str, quote: str) -> str:
    """Returns a mapping of plain words in flow style, its keys quoted like those around it."""
    return re.sub(r"(\w+):", rf"{quote}\1{quote}:", value) if quote else value


def _new_value(text: str, entry: Entry, value: str) -> Edit:
    if entry.value.kind != "scalar":
        raise CannotEdit(entry.key.line)
    start, end = entry.value_start, entry.value_end
    properties = None if entry.is_alias else PROPERTIES.match(text, start, end)
    start = properties.end() if properties else start
    written = text[start:end]
    end = start + len(written.rstrip())
    before = "" if start and text[start - 1] in " \t" else " "
    return start, end, before + _quoted(value, "" if entry.is_alias else entry.value.style)


def _block_edits(
    text: str, node: Node, removed: Entry | None, new: Mapping[str, str], present: Mapping[str, Entry]
) -> Iterator[Edit]:
    indent = _indent(text, node)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = [f"{key}: {_quoted(value, '')}" for key, value in new.items()]
    block = (newline + indent).join(lines)
    if removed and lines and not present:
        yield removed.key.start, _line_end(text, _last(text, removed)), block
        return
    if removed:
        yield _line_start(text, removed.key.start), _next_line(text, _last(text, removed)), ""
    if lines and present:
        after = _line_end(text, _last(text, max(present.values(), key=lambda entry: entry.value_end)))
        yield after, after, newline + indent + block
    elif lines:
        first = node.entries[0].key.start
        yield first, first, block + newline + indent


def _flow_edits(
    text: str, node: Node, removed: Entry | None, new: Mapping[str, str], present: Mapping[str, Entry]
) -> Iterator[Edit]:
    quote = node.entries[0].key.style if node.entries else ""
    words = ", ".join(f"{_quoted(key, quote)}: {_quoted(value, quote)}" for key, value in new.items())
    left = [entry for entry in node.entries if entry is not removed]
    if removed:
        yield _flow_removal(node, removed, words)
    elif words:
        first = node.entries[0].key.start if node.entries else _inside(text, node)
        yield first, first, f"{words}, " if left else words


def _flow_removal(node: Node, removed: Entry, words: str) -> Edit:
    """Returns the edit that removes an entry and one comma, or replaces it by `words`."""
    position = node.entries.index(removed)
    if words or len(node.entries) == 1:
        return removed.key.start, removed.value_end, words
    if position + 1 < len(node.entries):
        return removed.key.start, node.entries[position + 1].key.start, ""
    return node.entries[position - 1].value_end, removed.value_end, ""


def _inside(text: str, node: Node) -> int:
    return text.index("{", node.start) + 1


def _quoted(value: str, quote: str) -> str:
    return f"{quote}{value}{quote}" if quote in ("'", '"') else value


def _indent(text: str, node: Node) -> str:
    first = node.entries[0].key
    indent = text[_line_start(text, first.start) : first.start].removeprefix("\ufeff")
    if indent.strip(" "):
        raise CannotEdit(first.line)
    return indent


def _last(text: str, entry: Entry) -> int:
    """Returns the end of the entry's own text, without blank lines after a block scalar."""
    return max(len(text[: entry.value_end].rstrip()), entry.key.end)


def _line_start(text: str, position: int) -> int:
    return text.rfind("\n", 0, position) + 1


def _line_end(text: str, position: int) -> int:
    end = text.find("\n", position)
    if end < 0:
        return len(text)
    return end - 1 if text[end - 1 : end] == "\r" else end


def _next_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1
