"""Finds the URLs in the environment of services that lead to another service of the project."""

import posixpath
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from installer.system.secret import Secret

MARK = "://"
JDBC = "jdbc:"
SOCKET_MOUNTS = ("bind", "volume")


@dataclass(frozen=True)
class ServiceUrl:
    """A URL in the environment variable `variable` of `service`."""

    service: str
    variable: str
    url: Secret


def urls_to(name: str, services: Mapping[str, Mapping[str, Any]]) -> tuple[ServiceUrl, ...]:
    """Returns the URLs of other services to the service `name`; `services` are those of Compose's JSON.

    A URL with a parameter `host` leads to that host; where it is a folder, to the service that shares it.
    """
    target = services[name]
    names = set(_names(name, target))
    return tuple(
        ServiceUrl(other, variable, Secret(value))
        for other, raw in sorted(services.items())
        for variable, value in sorted((raw.get("environment") or {}).items())
        if other != name and _leads_to(host_of(value or ""), names, raw, target)
    )


def host_of(url: str) -> str | None:
    """Returns the host, or the folder of the socket, that a URL names; None for any other text."""
    if MARK not in url:
        return None
    try:
        parts = urlsplit(url.removeprefix(JDBC))
        given = parse_qs(parts.query).get("host", [])
        return unquote((given or [parts.hostname or ""])[-1]) or None
    except ValueError:
        return None


def _names(name: str, raw: Mapping[str, Any]) -> Iterator[str]:
    """Yields the names by which other containers of its networks know a service."""
    yield name.lower()
    yield from (str(raw[key]).lower() for key in ("container_name", "hostname") if raw.get(key))
    for network in (raw.get("networks") or {}).values():
        yield from (alias.lower() for alias in (network or {}).get("aliases") or ())


def _leads_to(
    host: str | None, names: set[str], caller: Mapping[str, Any], target: Mapping[str, Any]
) -> bool:
    if host is None or not host.startswith("/"):
        return host is not None and host.lower() in names
    shared = {mount.get("source") for mount in _mounts(target)}
    return any(_is_in(host, mount["target"]) and mount.get("source") in shared for mount in _mounts(caller))


def _mounts(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    return (one for one in raw.get("volumes") or () if one["type"] in SOCKET_MOUNTS and one.get("source"))


def _is_in(path: str, folder: str) -> bool:
    return posixpath.commonpath((path, folder)) == folder.rstrip("/")
