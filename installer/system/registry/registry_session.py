"""Sends authorized requests to a registry; repeats those that are harmless to repeat."""

import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from installer.errors import Failed
from installer.system.registry.authorization import Authorization
from installer.system.registry.http_connection import Answer, Broken, HttpConnection, Request
from installer.text import _

OK, UNAUTHORIZED = 200, 401
TROUBLED = (429, 500, 502, 503, 504)  # statuses that may be gone a moment later
WAITS_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
Sleep = Callable[[float], None]


class RegistrySession:
    """A connection with an authorization."""

    def __init__(
        self,
        host: str,
        connection: HttpConnection,
        authorization: Authorization,
        sleep: Sleep = time.sleep,
    ) -> None:
        self.host = host
        self.authorization = authorization
        self._connection = connection
        self._sleep = sleep

    def ask(self, request: Request, scopes: Sequence[str]) -> Answer:
        """Returns the answer to a request that is harmless to repeat. Raises `Failed`."""
        return self.persistently(lambda: self.once(request, scopes))

    def once(self, request: Request, scopes: Sequence[str]) -> Answer:
        """Returns the answer to a request, repeated only with another token. Raises `Broken`."""
        answer = self._connection.ask(request, self.authorization.header(scopes))
        if answer.status == UNAUTHORIZED and self.authorization.learn(answer):
            answer = self._connection.ask(request, self.authorization.header(scopes))
        return answer

    def persistently(self, attempt: Callable[[], Answer], *, again: Collection[int] = TROUBLED) -> Answer:
        """Repeats `attempt` while the connection breaks or a status of `again` comes, with longer waits.

        Raises `Failed` if the last attempt breaks, too.
        """
        for wait_seconds in WAITS_SECONDS:
            with suppress(Broken):
                answer = attempt()
                if answer.status not in again:
                    return answer
            self._connection.close()
            self._sleep(wait_seconds)
        try:
            return attempt()
        except Broken as problem:
            raise _connection_lost(self.host, str(problem)) from problem

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()


def _connection_lost(host: str, problem: str) -> Failed:
    """Returns the error after the last attempt."""
    return Failed(
        _("The connection to the registry {host} broke again and again.", host=host),
        details=[problem],
        hint=_("Check the network and the registry, then run the command again: it continues."),
    )
