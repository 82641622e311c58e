"""Finds the variable of `.env` that sets the port of a service, in the compose files as written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

VARIABLE = re.compile(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
BRACES = re.compile(r"\$\{[^{}]*\}")
Target = tuple[str, int]  # service and port inside its container


def port_variables(files: Iterable[Path]) -> Mapping[Target, str]:
    """Returns the variable that sets each published port; a port written as a number has none."""
    found: dict[Target, str] = {}
    for file in files:
        for service, port in _ports(_read(file)):
            published, target = _published_and_target(port)
            names = VARIABLE.findall(published)
            if names and target.isdigit():
                found[service, int(target)] = names[0]
    return found


def _read(file: Path) -> Mapping[str, Any]:
    import yaml

    try:
        content = yaml.load(file.read_bytes(), yaml.BaseLoader)
    except (OSError, yaml.YAMLError):  # Compose itself reports the error
        return {}
    return content if isinstance(content, dict) else {}


def _ports(content: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    services = content.get("services")
    for name, service in services.items() if isinstance(services, dict) else ():
        ports = service.get("ports") if isinstance(service, dict) else None
        yield from ((name, port) for port in (ports if isinstance(ports, list) else ()))


def _published_and_target(port: object) -> tuple[str, str]:
    """Returns `8080` and `80` of `127.0.0.1:8080:80/tcp`; ignores colons inside `${…}`."""
    if isinstance(port, dict):
        return str(port.get("published", "")), str(port.get("target", ""))
    text = str(port)
    hidden = BRACES.sub(lambda braces: braces[0].replace(":", "\0"), text).partition("/")[0]
    parts = [part.replace("\0", ":") for part in hidden.split(":")]
    return (parts[-2], parts[-1]) if len(parts) > 1 else ("", parts[-1])
