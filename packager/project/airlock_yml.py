"""Reads `airlock.yml`: what an engineer configures about a project in addition to its compose files.

Every key is optional. `examples/airlock.example.yml` shows all of them.
"""

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from installer.bundle.layout import path_problem
from installer.bundle.manifest import value_rules as rules
from installer.bundle.manifest.manifest import Smoke
from installer.errors import UsageProblem
from installer.text import _
from packager.runtime.runtime_image import reference_problem
from packager.yaml.yaml_text import Node, read_yaml

FILE = "airlock.yml"
KEYS = (
    "name",
    "title",
    "compose",
    "files",
    "migrations",
    "database",
    "databases",
    "state",
    "smoke",
    "upgrade_from",
    "runtime",
)
Rule = Callable[[str], str | None]


@dataclass(frozen=True)
class Settings:
    """The values of `airlock.yml`; None for a key that is not set. Paths are relative to the project.

    `databases` maps services to their folders of migrations, None for one without; empty if not set.
    """

    name: str | None = None
    title: str | None = None
    compose: tuple[str, ...] | None = None
    files: tuple[str, ...] = ()
    migrations: str | None = None
    database_service: str | None = None
    databases: Mapping[str, str | None] = field(default_factory=dict)
    state: tuple[str, ...] | None = None
    smoke: Smoke | None = None
    upgrade_from: str | None = None
    runtime: str | None = None


def read_settings(text: str) -> Settings:
    """Reads `airlock.yml`. Raises `UsageProblem` with all problems and their places."""
    root = read_yaml(text, FILE)
    reader = _Reader()
    if root.is_null:
        return Settings()
    settings = _settings(reader, root)
    if reader.problems:
        raise UsageProblem(
            _("{file} has errors.", file=FILE),
            details=reader.problems,
            hint=_("See examples/airlock.example.yml for all keys."),
        )
    return settings


def _settings(reader: "_Reader", root: Node) -> Settings:
    reader.expect_keys(root, "", KEYS)
    return Settings(
        name=reader.text(root, "name", rules.name_problem),
        title=reader.text(root, "title"),
        compose=reader.paths(root, "compose"),
        files=reader.paths(root, "files") or (),
        migrations=reader.path(root, "migrations"),
        database_service=_database_service(reader, root),
        databases=_databases(reader, root),
        state=reader.paths(root, "state"),
        smoke=_smoke(reader, root),
        upgrade_from=reader.text(root, "upgrade_from", rules.range_problem),
        runtime=reader.text(root, "runtime", reference_problem),
    )


def _database_service(reader: "_Reader", root: Node) -> str | None:
    database = reader.mapping(root, "database", ("service",))
    return reader.text(database, "service", within="database.", required=True) if database else None


def _databases(reader: "_Reader", root: Node) -> dict[str, str | None]:
    """Reads the long form, which comes without the short ones."""
    databases: dict[str, str | None] = {}
    for place, item in reader.mappings(root, "databases", ("service", "migrations")):
        service = reader.text(item, "service", within=f"{place}.", required=True)
        folder = reader.path(item, "migrations", within=f"{place}.")
        if service in databases:
            reader.note(item, place, _("names the service {name} again", name=service))
        databases[service or ""] = folder
    if databases:
        for key in ("database", "migrations"):
            reader.refuse_with(root, key, "databases")
    return databases


def _smoke(reader: "_Reader", root: Node) -> Smoke | None:
    smoke = reader.mapping(root, "smoke", ("url", "version"))
    if smoke is None:
        return None
    url = reader.text(smoke, "url", rules.url_problem, within="smoke.", required=True)
    return Smoke(url or "", reader.text(smoke, "version", within="smoke."))


class _Reader:
    """Takes values from the YAML tree and collects problems with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def expect_keys(self, node: Node, within: str, known: Sequence[str]) -> None:
        if node.kind != "mapping":
            return self.note(node, within.rstrip("."), _("must contain keys and values"))
        for entry in node.entries:
            key = entry.key.value
            if key not in known:
                near = difflib.get_close_matches(key, known, 1, 0.5)
                hint = _("is unknown; did you mean `{key}`?", key=near[0]) if near else _("is unknown")
                self.note(entry.key, within + key, hint)
        return None

    def mapping(self, root: Node, key: str, known: Sequence[str]) -> Node | None:
        node = root.get(key)
        if node is not None:
            self.expect_keys(node, f"{key}.", known)
        return node if node is not None and node.kind == "mapping" else None

    def text(
        self, node: Node, key: str, rule: Rule | None = None, *, within: str = "", required: bool = False
    ) -> str | None:
        value = node.get(key)
        if value is None:
            if required:
                self.note(node, within + key, _("is missing"))
            return None
        return self._checked(value, within + key, rule)

    def mappings(self, root: Node, key: str, known: Sequence[str]) -> Iterator[tuple[str, Node]]:
        """Yields the mappings in a list, each with its place."""
        node = root.get(key)
        if node is not None and node.kind != "sequence":
            self.note(node, key, _("must be a list such as [a, b]"))
        for at, item in enumerate(node.items if node is not None else ()):
            self.expect_keys(item, f"{key}[{at}].", known)
            if item.kind == "mapping":
                yield f"{key}[{at}]", item

    def refuse_with(self, root: Node, key: str, other: str) -> None:
        """Notes that a key cannot be set together with another one."""
        node = root.get(key)
        if node is not None:
            self.note(node, key, _("cannot be set together with `{key}`", key=other))

    def path(self, root: Node, key: str, *, within: str = "") -> str | None:
        value = root.get(key)
        return None if value is None else self._checked(_trimmed(value), within + key, written_path_problem)

    def paths(self, root: Node, key: str) -> tuple[str, ...] | None:
        node = root.get(key)
        if node is None:
            return None
        if node.kind != "sequence":
            self.note(node, key, _("must be a list such as [a, b]"))
            return None
        items = ((f"{key}[{at}]", _trimmed(item)) for at, item in enumerate(node.items))
        named = (self._checked(item, place, written_path_problem) for place, item in items)
        return tuple(path for path in named if path is not None)

    def _checked(self, value: Node, place: str, rule: Rule | None) -> str | None:
        if value.kind != "scalar" or value.is_null:
            self.note(value, place, _("must be text"))
            return None
        problem = rule(value.value) if rule else None
        if problem:
            self.note(value, place, problem)
        return value.value

    def note(self, node: Node, place: str, problem: str) -> None:
        self.problems.append(f"{FILE}:{node.line} {place}: {problem}".replace(" : ", ": "))


def written_path_problem(path: str) -> str | None:
    """Returns why this is not a path in the project as every system reads it; None if it is one."""
    return _("contains a backslash; write / between folders") if "\\" in path else path_problem(path)


def _trimmed(node: Node) -> Node:
    """Returns the same node with `./data/` changed to `data`."""
    node.value = node.value.removeprefix("./").rstrip("/") if node.kind == "scalar" else ""
    return node
