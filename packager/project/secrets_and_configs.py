"""Secrets and configs of compose files: those that Compose refuses, and those that are made of variables."""

from collections.abc import Iterable, Iterator

from installer.bundle.variables import Variable
from installer.text import _
from packager.project.compose_files import ComposeText
from packager.project.written_services import Compose, service_nodes, with_bases
from packager.yaml.yaml_text import Node

SECTIONS = ("secrets", "configs")


def external_problems(compose: Compose) -> list[str]:
    """External secrets and configs that services use: `docker compose up` refuses them, outside of Swarm."""
    return [
        _(
            "{place}: only Docker Swarm has external {section}. Write `file: ./{name}`, which each site "
            "brings, or `environment: NAME`, a variable of .env.",
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
    """The variables that secrets and configs are made of (`environment: NAME`): Compose insists on each."""
    for root in roots:
        for section in SECTIONS:
            found = root.get(section)
            for name in found.names() if found else ():
                node = found.get(name) if found else None
                variable = node.get("environment") if node and node.kind == "mapping" else None
                if variable is not None and variable.value:
                    yield Variable(variable.value, required=True)


def says_external(node: Node | None) -> bool:
    """Whether a volume, network, secret or config is one that Compose expects to be there."""
    external = node.get("external") if node and node.kind == "mapping" else None
    if external is None:
        return False
    return external.kind == "mapping" or external.value.lower() in ("true", "yes", "on")


def _definitions(files: tuple[ComposeText, ...], section: str, name: str) -> list[tuple[ComposeText, Node]]:
    """Where the secret or config says whether it is external."""
    found = ((file, file.root.get(section)) for file in files if not file.is_extended)
    nodes = ((file, entries.get(name)) for file, entries in found if entries)
    return [(file, node) for file, node in nodes if node and node.kind == "mapping" and node.get("external")]


def _used(compose: Compose, section: str) -> tuple[str, ...]:
    """Names of the secrets or configs that services mount."""
    files = tuple(file for file in compose.all_files if not file.is_extended)
    own = (node for service in compose.services for node in service_nodes(service.name, files))
    nodes = (node for one in own for _file, node in with_bases(one, compose.all_files))
    lists = (found for node in nodes if (found := node.get(section)))
    names = (_name_of(item) for found in lists for item in found.items)
    return tuple(dict.fromkeys(names))


def _name_of(item: Node) -> str:
    source = item.get("source") if item.kind == "mapping" else item
    return source.value if source else ""
