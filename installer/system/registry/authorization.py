"""Authorizes requests: with a login, or with tokens that a registry's token server gives for it.

https://distribution.github.io/distribution/spec/auth/token/
"""

import json
from collections.abc import Callable, Sequence
from urllib.parse import urlencode, urlsplit

from installer.bundle.layout import shown
from installer.errors import Refused
from installer.system.registry.challenge import Challenge, find_challenge
from installer.system.registry.docker_login import Login
from installer.system.registry.http_connection import Answer, Broken, HttpConnection, Request
from installer.system.secret import Secret
from installer.text import _

Open = Callable[[str, str], HttpConnection]
"""Opens a connection by scheme and host. Raises `Refused` if the scheme is not allowed for this host."""

OK = 200
NO_CHALLENGE = Challenge("", {})


class Authorization:
    """Remembers what the registry asked for, and the tokens that it gave, one for each list of scopes."""

    def __init__(self, login: Login | None, open_: Open, helper: str = "") -> None:
        """`helper` names the program that keeps a login, according to Docker's configuration."""
        self._login = login
        self.helper = helper
        self._open = open_
        self._challenge = NO_CHALLENGE
        self._tokens: dict[tuple[str, ...], Secret] = {}

    @property
    def has_login(self) -> bool:
        """Returns whether there is a login for the registry."""
        return self._login is not None

    def header(self, scopes: Sequence[str]) -> dict[str, str]:
        """Returns the header for a request that needs `scopes`; asks for a token if there is none yet."""
        if self._challenge.scheme == "basic" and self._login:
            return {"Authorization": self._login.basic.reveal()}
        if self._challenge.scheme != "bearer":
            return {}
        wanted = tuple(scopes)
        if wanted not in self._tokens:
            self._tokens[wanted] = self._token(wanted)
        return {"Authorization": f"Bearer {self._tokens[wanted].reveal()}"}

    def learn(self, refused: Answer) -> bool:
        """Takes the challenge of a 401; returns whether the request may be repeated with a new header."""
        found = find_challenge(refused.headers.get_all("WWW-Authenticate") or ())
        if found is None or (found.scheme == "basic" and self._login is None):
            return False
        self._challenge = found
        self._tokens = {}
        return True

    def _token(self, scopes: Sequence[str]) -> Secret:
        realm = urlsplit(self._challenge.parameters.get("realm", ""))
        service = self._challenge.parameters.get("service")
        words = [("service", service)] if service else []
        query = "&".join(
            filter(None, (realm.query, urlencode([*words, *(("scope", one) for one in scopes)])))
        )
        connection = self._open(realm.scheme, realm.netloc)
        headers = {"Authorization": self._login.basic.reveal()} if self._login else {}
        try:
            return _token_in(
                connection.ask(Request("GET", f"{realm.path or '/'}?{query}"), headers), realm.netloc
            )
        except Broken as problem:
            raise Refused(
                _("The registry's token server cannot be reached: {host}", host=shown(realm.netloc)),
                details=[str(problem)],
            ) from problem
        finally:
            connection.close()


def _token_in(answer: Answer, host: str) -> Secret:
    try:
        members = json.loads(answer.body) if answer.status == OK else {}
        token = members.get("token") or members.get("access_token")
    except (ValueError, AttributeError):
        token = None
    if isinstance(token, str) and token.isascii() and token.isprintable():
        return Secret(token)
    raise Refused(
        _("The registry's token server gave no token: {host}", host=shown(host)),
        details=[_("It answered with status {status}.", status=answer.status)],
        hint=_("Log in as a user who may push: docker login {host}", host="HOST"),
    )
