"""Lists named volumes, external networks, profiles and variables of a release in the plan of an export."""

from collections.abc import Iterator, Sequence

from installer.bundle.variables import Variable
from installer.text import _
from packager.project.secrets_and_configs import says_external
from packager.project.written_services import Compose, Definition, service_nodes, with_bases


def host_resource_lines(compose: Compose, variables: Sequence[Variable]) -> Iterator[str]:
    """Yields a line for each kind that the release uses; `variables` are those of the release.

    Values are never shown: defaults may be secrets.
    """
    yield from _line(_("Named volumes"), _declared(compose, "volumes", is_external=False))
    yield from _line(_("External volumes"), _declared(compose, "volumes", is_external=True))
    yield from _line(_("External networks"), _declared(compose, "networks", is_external=True))
    profiles = [f"{name} ({', '.join(services)})" for name, services in _profiles(compose).items()]
    yield from _line(_("Profiles"), profiles)
    yield from _line(_("Variables"), [variable.name for variable in variables])


def host_resource_document(compose: Compose, variables: Sequence[Variable]) -> dict[str, object]:
    """Returns the same lists for programs, with stable keys."""
    return {
        "named_volumes": _declared(compose, "volumes", is_external=False),
        "external_volumes": _declared(compose, "volumes", is_external=True),
        "external_networks": _declared(compose, "networks", is_external=True),
        "profiles": _profiles(compose),
        "variables": [variable.name for variable in variables],
    }


def _line(title: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"{title}: {', '.join(names)}"


def _declared(compose: Compose, section: str, *, is_external: bool) -> list[str]:
    """Returns the names, or keys without a name, of all external or all other entries."""
    found: dict[str, bool] = {}
    for file in compose.with_services:
        declared = file.root.get(section)
        for key in declared.names() if declared else ():
            node = declared.get(key) if declared else None
            name = node.get("name") if node and node.kind == "mapping" else None
            found[name.value if name else key] = says_external(node)
    return [name for name, external in found.items() if external == is_external]


def _profiles(compose: Compose) -> dict[str, list[str]]:
    """Returns the services of each profile."""
    services: dict[str, list[str]] = {}
    for service in compose.services:
        for _file, node in _definitions(compose, service.name):
            profiles = node.get("profiles")
            for one in profiles.items if profiles else ():
                services.setdefault(one.value, []).append(service.name)
    return dict(sorted(services.items()))


def _definitions(compose: Compose, service: str) -> Iterator[Definition]:
    for own in service_nodes(service, compose.with_services):
        yield from with_bases(own, compose.all_files)
