"""Follows redirects of a registry to other hosts, which get no login: many keep blobs in a storage elsewhere.

Never from HTTPS to HTTP. A URL may be signed, which is as good as a login: messages name its host alone.
"""

from dataclasses import replace
from http.client import HTTPException
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

from installer.bundle.layout import shown
from installer.errors import Failed, Refused
from installer.system.registry.http_connection import Answer, Broken, HttpConnection, NotTrusted, Request
from installer.system.registry.trust import Trust, not_trusted
from installer.text import _

MOST_REDIRECTS = 5
SAME_METHOD = (307, 308)
MOVED = (301, 302, 303, *SAME_METHOD)
PORTS = {"http": 80, "https": 443}


class OtherHosts:
    """Connections without a login to the hosts that a registry redirects to."""

    def __init__(self, registry: str, trust: Trust) -> None:
        self._registry = registry
        self._trust = trust
        self._connections: dict[str, HttpConnection] = {}

    def ask(self, request: Request) -> Answer:
        """Returns the answer to a request whose path is a URL.

        Raises `Broken`, `Refused` for a host that is not trusted, `Failed` for an address that is none.
        """
        parts = urlsplit(request.path)
        connection = self._connection(parts)
        try:
            return connection.ask(replace(request, path=path_in(parts)), {})
        except NotTrusted as problem:
            raise not_trusted(shown(parts.netloc), problem) from problem
        except Broken as problem:
            raise Broken(f"{shown(parts.netloc)}: {problem}") from problem

    def close(self) -> None:
        """Closes the connections."""
        for connection in self._connections.values():
            connection.close()

    def _connection(self, parts: SplitResult) -> HttpConnection:
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in self._connections:
            if parts.scheme == "http" and not self._trust.allows_plain(parts.netloc):
                raise _without_tls(
                    self._registry, parts, _("To use plain HTTP in a network that you trust, add: --insecure")
                )
            try:
                self._connections[origin] = self._trust.open(parts.scheme, parts.netloc)
            except (ValueError, HTTPException) as problem:
                raise _not_an_address(self._registry) from problem
        return self._connections[origin]


def redirected(request: Request, answer: Answer, registry: str) -> str | None:
    """Returns the URL that `answer` redirects the request to; None if it does not. Raises `Failed`."""
    is_followed = answer.status in (MOVED if request.method == "GET" else SAME_METHOD)
    return named_place(answer, registry) if is_followed and answer.header("Location") else None


def named_place(answer: Answer, registry: str) -> str:
    """Returns the URL in the `Location` of an answer. Raises `Failed` if it is none, or plain HTTP now."""
    try:
        url = urldefrag(urljoin(answer.url, answer.header("Location"))).url
        parts = urlsplit(url)
        is_address = parts.scheme in PORTS and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        is_address = False
    if not is_address:
        raise _not_an_address(registry)
    if parts.scheme == "http" and answer.url.startswith("https:"):
        raise _without_tls(registry, parts)
    return url


def origin_of(url: str) -> tuple[str, str | None, int | None]:
    """Returns what makes a host another one: scheme, name and port."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = 0
    return parts.scheme, parts.hostname, PORTS.get(parts.scheme) if port is None else port


def path_in(parts: SplitResult) -> str:
    """Returns the path of a URL for a request, with its query."""
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def too_many(registry: str) -> Failed:
    """Returns the error for redirects that do not end."""
    return Failed(
        _("The registry {host} redirected more than {count} times.", host=registry, count=MOST_REDIRECTS),
        hint=_("Check how the registry and the proxies before it are configured."),
    )


def _without_tls(registry: str, parts: SplitResult, hint: str = "") -> Refused:
    return Refused(
        _("The registry {host} redirects to {place}, which does not use TLS.",
          host=registry, place=shown(f"{parts.scheme}://{parts.netloc}")),
        hint=hint or _("Check how the registry and the proxies before it are configured."),
    )  # fmt: skip


def _not_an_address(registry: str) -> Failed:
    return Failed(
        _("The registry {host} redirects to something other than an address.", host=registry),
        hint=_("Check how the registry and the proxies before it are configured."),
    )
