"""What an export's plan says of named volumes, external networks, profiles and variables, by the text."""

from collections.abc import Iterator

from installer.bundle.variables import each_once
from installer.text import _
from packager.compose import Compose, service_nodes
from packager.secrets_and_configs import is_external, source_variables


def outside_lines(compose: Compose) -> Iterator[str]:
    """A line for each kind of which there is one. Values never appear: defaults may be secrets."""
    volumes, networks = _declared(compose, "volumes"), _declared(compose, "networks")
    yield from _line(_("Named volumes"), [name for name, is_external in volumes.items() if not is_external])
    yield from _line(_("External volumes"), [name for name, is_external in volumes.items() if is_external])
    yield from _line(_("External networks"), [name for name, is_external in networks.items() if is_external])
    yield from _line(_("Profiles"), _profiles(compose))
    yield from _line(_("Variables"), _variables(compose))


def _line(title: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"{title}: {', '.join(names)}"


def _declared(compose: Compose, section: str) -> dict[str, bool]:
    """Name → whether it is external: the name as written, else the key."""
    found: dict[str, bool] = {}
    for file in compose.files:
        declared = file.root.get(section)
        for key in declared.names() if declared else ():
            node = declared.get(key) if declared else None
            name = node.get("name") if node and node.kind == "mapping" else None
            found[name.value if name else key] = is_external(node)
    return found


def _variables(compose: Compose) -> list[str]:
    sources = source_variables(file.root for file in compose.all_files)
    return [variable.name for variable in each_once((*compose.variables, *sources))]


def _profiles(compose: Compose) -> list[str]:
    """Each profile with its services: `admin (adm)`."""
    services: dict[str, list[str]] = {}
    for service in compose.services:
        for _file, node in service_nodes(service.name, compose.files):
            profiles = node.get("profiles")
            for one in profiles.items if profiles else ():
                services.setdefault(one.value, []).append(service.name)
    return [f"{name} ({', '.join(names)})" for name, names in sorted(services.items())]
