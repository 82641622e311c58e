"""Decides which certificates of a registry are trusted: those of this machine, Docker's, and a given one."""

import ssl
from pathlib import Path

from installer.errors import UsageProblem
from installer.text import _

DOCKERS = Path("/etc/docker/certs.d")
BUNDLES = (  # of Debian, Red Hat, SUSE, Alpine: a package's own Python knows only Debian's
    Path("/etc/ssl/certs/ca-certificates.crt"),
    Path("/etc/pki/tls/certs/ca-bundle.crt"),
    Path("/etc/ssl/ca-bundle.pem"),
    Path("/etc/ssl/cert.pem"),
)


def tls_settings(host: str, ca_file: Path | None, dockers: Path = DOCKERS) -> ssl.SSLContext:
    """Returns the settings for connections to `host`. Raises `UsageProblem` for a file without certificates.

    `dockers` is the folder in which Docker looks for `<host>/*.crt`.
    """
    settings = ssl.create_default_context()
    bundles = [bundle for bundle in BUNDLES if bundle.is_file()][:1]
    own = [ca_file] if ca_file else []
    for file in (*bundles, *sorted((dockers / host).glob("*.crt")), *own):
        _trust(settings, file)
    return settings


def _trust(settings: ssl.SSLContext, file: Path) -> None:
    try:
        settings.load_verify_locations(file)
    except OSError as problem:  # ssl.SSLError is one, too
        raise UsageProblem(
            _("{path} contains no certificate that can be read: {problem}.", path=file,
              problem=problem.strerror or problem),
            hint=_("Specify the certificate of the site's CA as a PEM file: --ca FILE"),
        ) from problem  # fmt: skip
