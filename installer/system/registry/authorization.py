"""Authorizes requests: with a login, or with tokens that a registry's token server gives for it.

https://distribution.github.io/distribution/spec/auth/token/
"""

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from urllib.parse import SplitResult, urlencode, urlsplit

from installer.bundle.layout import shown
from installer.errors import Refused
from installer.system.registry.challenge import Challenge, find_challenge
from installer.system.registry.http_connection import Answer, Broken, HttpConnection, Request
from installer.system.registry.login import Login
from installer.system.secret import Secret
from installer.text import _

Open = Callable[[str, str], HttpConnection]
"""Opens a connection by scheme and host. Raises `Refused` if the scheme is not allowed for this host."""

OK = 200
NO_CHALLENGE = Challenge("", {})
CLIENT = "airlock"


class Authorization:
    """Remembers what the registry asked for, and the tokens that it gave, one for each list of scopes."""

    def __init__(self, find_login: Callable[[], Login | None], open_: Open) -> None:
        """`find_login` is called once, and only if the registry asks for a login."""
        self._find_login = find_login
        self._open = open_
        self._challenge = NO_CHALLENGE
        self._tokens: dict[tuple[str, ...], Secret] = {}

    @cached_property
    def _login(self) -> Login | None:
        return self._find_login()

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
        if found is None or (found.scheme == "basic" and (self._login is None or self._login.is_token)):
            return False
        self._challenge = found
        self._tokens = {}
        return True

    def _token(self, scopes: Sequence[str]) -> Secret:
        realm = urlsplit(self._challenge.parameters.get("realm", ""))
        service = self._challenge.parameters.get("service") or ""
        connection = self._open(realm.scheme, realm.netloc)
        try:
            if self._login and self._login.is_token:
                answer = connection.ask(_exchange(self._login, realm, service, scopes), {})
            else:
                headers = {"Authorization": self._login.basic.reveal()} if self._login else {}
                answer = connection.ask(_question(realm, service, scopes), headers)
            return _token_in(answer, realm.netloc)
        except Broken as problem:
            raise Refused(
                _("The registry's token server cannot be reached: {host}", host=shown(realm.netloc)),
                details=[str(problem)],
            ) from problem
        finally:
            connection.close()


def _question(realm: SplitResult, service: str, scopes: Sequence[str]) -> Request:
    """Returns the request for a token, which a user and password go with."""
    words = [("service", service)] if service else []
    query = "&".join(filter(None, (realm.query, urlencode([*words, *(("scope", one) for one in scopes)]))))
    return Request("GET", f"{realm.path or '/'}?{query}")


def _exchange(login: Login, realm: SplitResult, service: str, scopes: Sequence[str]) -> Request:
    """Returns the request that exchanges an identity token for a token.

    https://distribution.github.io/distribution/spec/auth/oauth/
    """
    form = {
        "grant_type": "refresh_token",
        "service": service,
        "client_id": CLIENT,
        "scope": " ".join(scopes),
        "refresh_token": login.password.reveal(),
    }
    path = f"{realm.path or '/'}?{realm.query}" if realm.query else realm.path or "/"
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("POST", path, headers, urlencode(form).encode())


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
