"""Connects to a registry: over TLS, or by plain HTTP where that was asked for or stays on this machine."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from installer.errors import AirlockError, Refused
from installer.system.registry.authorization import Authorization
from installer.system.registry.docker_login import Logins
from installer.system.registry.http_connection import Broken, NotTls, NotTrusted, Request
from installer.system.registry.redirects import OtherHosts
from installer.system.registry.registry_refusals import refusal, words_of
from installer.system.registry.registry_session import OK, UNAUTHORIZED, RegistrySession, Sleep
from installer.system.registry.trust import Trust, not_trusted
from installer.text import _


@contextmanager
def connected(
    host: str, trust: Trust, logins: Logins, sleep: Sleep = time.sleep
) -> Iterator[RegistrySession]:
    """Connects, and logs in if the registry requires it. Raises `Refused` or `UsageProblem`."""
    session = _connect(host, trust, logins, sleep)
    try:
        yield session
    finally:
        session.close()


def _connect(host: str, trust: Trust, logins: Logins, sleep: Sleep) -> RegistrySession:
    schemes = ("https", "http") if trust.allows_plain(host) else ("https",)
    problems = []
    for scheme in schemes:
        authorization = Authorization(partial(logins.login, host), trust.open)
        others = OtherHosts(host, trust)
        session = RegistrySession(host, trust.open(scheme, host), authorization, others, sleep)
        try:
            _expect_registry(session)
            return session
        except AirlockError:
            session.close()
            raise
        except Broken as problem:
            session.close()
            problems.append(problem)
            if isinstance(problem, NotTrusted):
                break
    raise _unreachable(host, problems)


def _expect_registry(session: RegistrySession) -> None:
    answer = session.directly(Request("GET", "/v2/"), ())
    if answer.status == UNAUTHORIZED:
        raise refusal(answer, session.host, "", session.authorization)
    if answer.status != OK:
        raise Refused(
            _("There is no image registry at {host}.", host=session.host),
            details=words_of(answer),
            hint=_("Specify its host and port, without https://, such as registry.site:5000/team"),
        )


def _unreachable(host: str, problems: list[Broken]) -> AirlockError:
    """Returns the error for a host that answers by none of the allowed schemes."""
    for problem in problems:
        if isinstance(problem, NotTrusted):
            return not_trusted(host, problem)
    if len(problems) == 1 and isinstance(problems[0], NotTls):
        return Refused(
            _("The registry {host} does not use TLS.", host=host),
            details=[str(problems[0])],
            hint=_("To use plain HTTP in a network that you trust, add: --insecure"),
        )
    return Refused(
        _("The registry {host} cannot be reached.", host=host),
        details=[str(problem) for problem in problems],
        hint=_("Check its host and port, and whether it runs: curl https://{host}/v2/", host=host),
    )
