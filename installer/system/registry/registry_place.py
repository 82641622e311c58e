"""Parses the place in a registry that an operator names: `registry.site:5000/team`."""

import ipaddress
import re
from dataclasses import dataclass

from installer.bundle.layout import shown
from installer.errors import UsageProblem
from installer.text import _

HOST = re.compile(r"(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?")
PATH = re.compile(r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*")


@dataclass(frozen=True)
class RegistryPlace:
    """A registry's host, with its port if it has one, and the path before each repository, or ""."""

    host: str
    prefix: str = ""

    @property
    def is_loopback(self) -> bool:
        """Returns whether the registry is on this machine, so that plain HTTP is safe, as for Docker."""
        name = re.sub(r":[0-9]+$", "", self.host).strip("[]")
        try:
            return name == "localhost" or ipaddress.ip_address(name).is_loopback
        except ValueError:
            return False

    def repository(self, name: str) -> str:
        """Returns the repository for images with this name."""
        return f"{self.prefix}/{name}" if self.prefix else name


def parse_place(text: str) -> RegistryPlace:
    """Parses `HOST[:PORT][/PREFIX]`. Raises `UsageProblem`.

    A host has a dot or a port, or is `localhost`: Docker takes any other first word for a part of the name.
    """
    host, _slash, prefix = text.rstrip("/").partition("/")
    is_host = "." in host or ":" in host or host == "localhost"
    if not (HOST.fullmatch(host) and is_host and (not prefix or PATH.fullmatch(prefix))):
        raise UsageProblem(
            _("{text} is not a registry.", text=shown(text)),
            details=[_("Lower-case letters, digits and . _ - are allowed after the host.")]
            if is_host
            else (),
            hint=_("Specify its host and port, without https://, such as registry.site:5000/team"),
        )
    return RegistryPlace(host, prefix)
