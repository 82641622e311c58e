"""Decides to whom connections are opened: which certificates are trusted, and where plain HTTP is allowed."""

from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import shown
from installer.errors import Refused
from installer.system.registry.http_connection import HttpConnection
from installer.system.registry.registry_place import RegistryPlace
from installer.system.registry.trusted_certificates import DOCKERS, tls_settings
from installer.text import _


@dataclass(frozen=True)
class Trust:
    """What an operator trusts: a further CA, and plain HTTP (`insecure`) to registries elsewhere."""

    ca_file: Path | None = None
    insecure: bool = False
    dockers: Path = DOCKERS

    def open(self, scheme: str, host: str) -> HttpConnection:
        """Returns a connection by "https" or "http". Raises `Refused` where plain HTTP is not allowed."""
        if scheme == "https":
            return HttpConnection(host, tls_settings(host, self.ca_file, self.dockers))
        if scheme == "http" and self.allows_plain(host):
            return HttpConnection(host, None)
        raise Refused(
            _("Logins are not sent to {host}: it does not use TLS.", host=shown(f"{scheme}://{host}")),
            hint=_("To use plain HTTP in a network that you trust, add: --insecure"),
        )

    def allows_plain(self, host: str) -> bool:
        """Returns whether plain HTTP is allowed for this host."""
        return self.insecure or RegistryPlace(host).is_loopback


def not_trusted(host: str, problem: Exception) -> Refused:
    """Returns the error for a host with a certificate that is not trusted."""
    return Refused(
        _("The certificate of {host} is not trusted.", host=host),
        details=[str(problem)],
        hint=_("Specify the certificate of the site's CA: --ca FILE, or copy it to {path}",
               path=DOCKERS / host / "ca.crt"),
    )  # fmt: skip
