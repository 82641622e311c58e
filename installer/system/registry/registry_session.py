"""Sends authorized requests to a registry; repeats those that are harmless to repeat."""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlsplit

from installer.errors import Failed
from installer.system.registry.authorization import Authorization
from installer.system.registry.http_connection import Answer, Broken, HttpConnection, Request
from installer.system.registry.redirects import (
    MOST_REDIRECTS,
    OtherHosts,
    origin_of,
    path_in,
    redirected,
    too_many,
)
from installer.text import _

OK, UNAUTHORIZED = 200, 401
TROUBLED = (429, 500, 502, 503, 504)  # statuses that may be gone a moment later
WAITS_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
Sleep = Callable[[float], None]


class RegistrySession:
    """A connection with an authorization, and connections without one to hosts that the registry names."""

    def __init__(
        self,
        host: str,
        connection: HttpConnection,
        authorization: Authorization,
        others: OtherHosts,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.host = host
        self.authorization = authorization
        self._connection = connection
        self._others = others
        self._sleep = sleep

    def ask(self, request: Request, scopes: Sequence[str]) -> Answer:
        """Returns the answer to a request that is harmless to repeat. Raises `Failed`."""
        return self.persistently(lambda: self.once(request, scopes))

    def once(self, request: Request, scopes: Sequence[str]) -> Answer:
        """Returns the answer to a request, after following redirects.

        Its path may be a URL of another host, which gets no login. Raises `Broken`, or `Failed` for a
        redirect that cannot be followed.
        """
        for _redirect in range(MOST_REDIRECTS + 1):
            answer = self.directly(request, scopes)
            place = redirected(request, answer, self.host)
            if place is None:
                return answer
            request = replace(request, path=self.path_of(place))
        raise too_many(self.host)

    def directly(self, request: Request, scopes: Sequence[str]) -> Answer:
        """Returns the answer to a request, repeated only with another token. Raises `Broken`."""
        if not request.path.startswith("/"):
            return self._others.ask(request)
        answer = self._connection.ask(request, self.authorization.header(scopes))
        if answer.status == UNAUTHORIZED and self.authorization.learn(answer):
            answer = self._connection.ask(request, self.authorization.header(scopes))
        return answer

    def is_own(self, answer: Answer) -> bool:
        """Returns whether the registry itself answered."""
        return self._is_own(answer.url)

    def path_of(self, url: str) -> str:
        """Returns the path for a request to this URL: without the registry's own scheme and host."""
        return path_in(urlsplit(url)) if self._is_own(url) else url

    def persistently(self, attempt: Callable[[], Answer], *, again: Collection[int] = TROUBLED) -> Answer:
        """Repeats `attempt` while the connection breaks or a status of `again` comes, with longer waits.

        Raises `Failed` if the last attempt breaks, too.
        """
        for wait_seconds in WAITS_SECONDS:
            with suppress(Broken):
                answer = attempt()
                if answer.status not in again:
                    return answer
            self.close()
            self._sleep(wait_seconds)
        try:
            return attempt()
        except Broken as problem:
            raise _connection_lost(self.host, str(problem)) from problem

    def close(self) -> None:
        """Closes the connections."""
        self._connection.close()
        self._others.close()

    def _is_own(self, url: str) -> bool:
        return origin_of(url) == origin_of(self._connection.origin)


def _connection_lost(host: str, problem: str) -> Failed:
    """Returns the error after the last attempt."""
    return Failed(
        _("The connection to the registry {host} broke again and again.", host=host),
        details=[problem],
        hint=_("Check the network and the registry, then run the command again: it continues."),
    )
