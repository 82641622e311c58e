"""Turns the statuses of a registry into errors for the operator."""

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from installer.bundle.layout import shown
from installer.errors import AirlockError, Failed, Refused
from installer.system.registry.authorization import Authorization
from installer.system.registry.http_connection import Answer
from installer.text import _

MOST_WORDS = 300
UNAUTHORIZED, FORBIDDEN, NOT_FOUND, TOO_LARGE = 401, 403, 404, 413


def refusal(answer: Answer, host: str, repository: str, authorization: Authorization) -> AirlockError:
    """Returns the error for an answer that is not the expected one."""
    if urlsplit(answer.url).netloc != host:
        return _refusal_of_storage(answer, host, repository)
    details = words_of(answer)
    if answer.status == UNAUTHORIZED:
        return _not_logged_in(host, authorization, details)
    if answer.status == FORBIDDEN:
        return Refused(
            _("You are not allowed to push to {repository} on {host}.", repository=repository, host=host),
            details=details,
            hint=_("Log in as a user who may push: docker login {host}", host=host),
        )
    if answer.status == NOT_FOUND:
        return Refused(
            _("The registry {host} does not accept the repository {repository}.", host=host,
              repository=repository),
            details=details,
            hint=_("Create it, or its project, in the registry first, or specify another prefix."),
        )  # fmt: skip
    if answer.status == TOO_LARGE:
        return Failed(
            _("The registry {host}, or a proxy before it, refuses large requests.", host=host),
            details=details,
            hint=_(
                "Raise its limit for the size of requests (nginx: client_max_body_size 0), then run again."
            ),
        )
    return Failed(
        _("The registry {host} refused a request for {repository}.", host=host, repository=repository),
        details=details,
        hint=_("Check the registry's log and disk, then run the command again: it continues."),
    )


def _refusal_of_storage(answer: Answer, host: str, repository: str) -> Failed:
    """Returns the error for an answer of another host; other words of it may quote a signed URL."""
    storage = shown(urlsplit(answer.url).netloc)
    return Failed(
        _("{storage}, to which the registry {host} redirects, refused a request for {repository}.",
          storage=storage, host=host, repository=repository),
        details=[_status_of(answer), *_errors_in(answer)],
        hint=_("Check the registry's log and disk, then run the command again: it continues."),
    )  # fmt: skip


def words_of(answer: Answer) -> list[str]:
    """Returns what the registry said, in lines: the status, and the errors in its body."""
    lines = answer.body[:MOST_WORDS].decode("utf-8", "replace").splitlines()[:1]
    return [_status_of(answer), *(_errors_in(answer) or map(_shortened, lines))]


def _status_of(answer: Answer) -> str:
    return _("It answered with status {status}.", status=answer.status)


def _errors_in(answer: Answer) -> list[str]:
    """Returns the errors in the body as the specification writes them."""
    try:
        errors = json.loads(answer.body)["errors"]
        return [
            _shortened(f"{one.get('code', '')}: {one.get('message', '')} {one.get('detail') or ''}")
            for one in errors
        ]
    except (ValueError, LookupError, TypeError, AttributeError):
        return []


def _shortened(line: str) -> str:
    return shown(line.strip())[:MOST_WORDS]


def _not_logged_in(host: str, authorization: Authorization, details: Sequence[str]) -> Refused:
    if authorization.has_login:
        return Refused(
            _("The registry {host} does not accept the login.", host=host),
            details=details,
            hint=_("Log in again: docker login {host}", host=host),
        )
    return Refused(
        _("The registry {host} requires a login.", host=host),
        details=details,
        hint=_("Log in: docker login {host}", host=host),
    )
