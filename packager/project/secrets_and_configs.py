"""Checks secrets and configs of compose files: which ones Compose refuses, and which come from variables."""

from collections.abc import Iterable, Iterator

from installer.bundle.variables import Variable
from installer.text import _
from packager.project.compose_files import ComposeText
from packager.project.written_services import Compose, service_nodes, with_bases
from packager.yaml.yaml_text import Node

SECTIONS = ("secrets", "configs")


def external_problems(compose: Compose) -> list[str]:
    """Returns a problem for each external secret or config in use: outside of Swarm, Compose refuses them."""
    return [
        _(
            "{place}: external {section} require Docker Swarm. Use `file: ./{name}`, a file that "
            "each site provides, or `environment: NAME`, a variable in .env.",
            place=f"{file.name}:{node.line} {section}.{name}",
            section=section,
            name=name,
        )
        for section in SECTIONS
        for name in _used(compose, section)
        for file, node in _definitions(compose.all_files, section, name)[-1:]
        if says_external(node)
    ]


def source_variables(roots: Iterable[Node]) -> Iterator[Variable]:
    """Yields the variables that secrets and configs read (`environment: NAME`): Compose requires each."""
    for root in roots:
        for section in SECTIONS:
            found = root.get(section)
            for name in found.names() if found else ():
                node = found.get(name) if found else None
                variable = node.get("environment") if node and node.kind == "mapping" else None
                if variable is not None and variable.value:
                    yield Variable(variable.value, required=True)


def says_external(node: Node | None) -> bool:
    """Returns whether a volume, network, secret or config must already exist when Compose starts."""
    external = node.get("external") if node and node.kind == "mapping" else None
    if external is None:
        return False
    return external.kind == "mapping" or external.value.lower() in ("true", "yes", "on")


def _definitions(files: tuple[ComposeText, ...], section: str, name: str) -> list[tuple[ComposeText, Node]]:
    """Returns the places that define whether the secret or config is external."""
    found = ((file, file.root.get(section)) for file in files if not file.is_extended)
    nodes = ((file, entries.get(name)) for file, entries in found if entries)
    return [(file, node) for file, node in nodes if node and node.kind == "mapping" and node.get("external")]


def _used(compose: Compose, section: str) -> tuple[str, ...]:
    """Returns the names of the secrets or configs that services mount."""
    files = tuple(file for file in compose.all_files if not file.is_extended)
    own = (node for service in compose.services for node in service_nodes(service.name, files))
    nodes = (node for one in own for _file, node in with_bases(one, compose.all_files))
    lists = (found for node in nodes if (found := node.get(section)))
    names = (_name_of(item) for found in lists for item in found.items)
    return tuple(dict.fromkeys(names))


def _name_of(item: Node) -> str:
    source = item.get("source") if item.kind == "mapping" else item
    return source.value if source else ""
