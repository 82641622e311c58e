"""Finds which database a service connects to: the host in its `DATABASE_URL` as the compose file has it."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from installer.bundle.variables import by_defaults_if_any
from packager.project.compose_files import ComposeText, based
from packager.project.written_services import Compose, service_nodes, with_bases
from packager.yaml.yaml_text import Node

HOST = re.compile(r"^[a-z][a-z0-9+]*://(?:.*@)?(?P<host>[A-Za-z0-9_.-]+)(?::[^/@]*)?(?:/[^@]*)?$")

SCHEMA = re.compile(r"[?&]schema=(?P<name>[A-Za-z0-9_]+)(?=&|$)")


def addressed_services(compose: Compose, variable: str, folder: str) -> tuple[str, ...]:
    """Returns the services that applications name as host in `variable`, each once.

    Those of the applications that are built from a place around `folder` are preferred: they know its schema.
    """
    names = [service.name for service in compose.services]
    hosts = {name: host for name in names if (host := _host(compose, name, variable)) in names}
    near = [host for name, host in hosts.items() if _is_built_around(compose, name, folder)]
    return tuple(dict.fromkeys(near or hosts.values()))


def addressed_schema(compose: Compose, service: str, variable: str) -> str | None:
    """Returns the schema in the URLs in `variable` to a service; None if none, or different ones, name one.

    Variables of the compose file have their defaults; one with other characters than of a usual name is None.
    """
    names = (one.name for one in compose.services)
    urls = (_value(compose, name, variable) for name in names if _host(compose, name, variable) == service)
    queries = (by_defaults_if_any("?" + (url or "").rpartition("?")[2]) for url in urls)
    found = {match["name"] for query in queries if (match := SCHEMA.search(query))}
    return found.pop() if len(found) == 1 else None


def variables_of_service(compose: Compose, service: str) -> frozenset[str]:
    """Returns the names of the variables that the compose files set for a service."""
    return frozenset(name for _file, node in _definitions(compose, service) for name in _environment(node))


def settings_of(compose: Compose, service: str) -> Iterator[str]:
    """Yields the values of a service's environment as written."""
    for _file, node in _definitions(compose, service):
        yield from _environment(node).values()


def _host(compose: Compose, service: str, variable: str) -> str | None:
    found = HOST.match(_value(compose, service, variable) or "")
    return found["host"] if found else None


def _value(compose: Compose, service: str, variable: str) -> str | None:
    """Returns the URL that a service has in a variable, as written."""
    values = (_environment(node).get(variable) for _file, node in _definitions(compose, service))
    return next((value for value in values if value and HOST.match(value)), None)


def _environment(node: Node) -> Mapping[str, str]:
    """Returns the variables of a service, written as a mapping or as a list of `NAME=value`."""
    written = node.get("environment")
    if written is None:
        return {}
    listed = (item.value.partition("=")[::2] for item in written.items)
    named = ((name, written.get(name)) for name in written.names())
    return {**dict(listed), **{name: value.value for name, value in named if value is not None}}


def _is_built_around(compose: Compose, service: str, folder: str) -> bool:
    places = (place for file, node in _definitions(compose, service) for place in _contexts(file, node))
    return any(place != "." and PurePosixPath(folder).is_relative_to(place) for place in places)


def _contexts(file: ComposeText, node: Node) -> Iterator[str]:
    """Yields the folder that an image is built from, relative to the project."""
    build = node.get("build")
    written = build.get("context") if build is not None and build.kind == "mapping" else build
    if written is not None and written.kind == "scalar" and written.value:
        yield str(PurePosixPath(based(file.base, written.value)))


def _definitions(compose: Compose, service: str) -> Iterator[tuple[ComposeText, Node]]:
    for own in service_nodes(service, compose.with_services):
        yield from with_bases(own, compose.all_files)
