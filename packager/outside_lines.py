"""What an export's plan says of named volumes, external networks, profiles and variables, by the text."""

from collections.abc import Iterator

from installer.bundle.variables import each_once
from installer.text import _
from packager.compose import Compose, service_nodes
from packager.secrets_and_configs import says_external, source_variables


def outside_lines(compose: Compose) -> Iterator[str]:
    """A line for each kind of which there is one. Values never appear: defaults may be secrets."""
    yield from _line(_("Named volumes"), _declared(compose, "volumes", is_external=False))
    yield from _line(_("External volumes"), _declared(compose, "volumes", is_external=True))
    yield from _line(_("External networks"), _declared(compose, "networks", is_external=True))
    profiles = [f"{name} ({', '.join(services)})" for name, services in _profiles(compose).items()]
    yield from _line(_("Profiles"), profiles)
    yield from _line(_("Variables"), _variables(compose))


def outside_document(compose: Compose) -> dict[str, object]:
    """The same for programs: stable keys."""
    return {
        "named_volumes": _declared(compose, "volumes", is_external=False),
        "external_volumes": _declared(compose, "volumes", is_external=True),
        "external_networks": _declared(compose, "networks", is_external=True),
        "profiles": _profiles(compose),
        "variables": _variables(compose),
    }


def _line(title: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"{title}: {', '.join(names)}"


def _declared(compose: Compose, section: str, *, is_external: bool) -> list[str]:
    """Names as written, else keys, of the external or the other entries."""
    found: dict[str, bool] = {}
    for file in compose.files:
        declared = file.root.get(section)
        for key in declared.names() if declared else ():
            node = declared.get(key) if declared else None
            name = node.get("name") if node and node.kind == "mapping" else None
            found[name.value if name else key] = says_external(node)
    return [name for name, external in found.items() if external == is_external]


def _variables(compose: Compose) -> list[str]:
    sources = source_variables(file.root for file in compose.all_files)
    return [variable.name for variable in each_once((*compose.variables, *sources))]


def _profiles(compose: Compose) -> dict[str, list[str]]:
    """Each profile with its services."""
    services: dict[str, list[str]] = {}
    for service in compose.services:
        for _file, node in service_nodes(service.name, compose.files):
            profiles = node.get("profiles")
            for one in profiles.items if profiles else ():
                services.setdefault(one.value, []).append(service.name)
    return dict(sorted(services.items()))
