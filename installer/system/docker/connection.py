"""Connects to the Docker engine and translates connection errors. For requests to it see `docker`."""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from installer.errors import Refused
from installer.system.deadlines import QUESTION_SECONDS, REQUEST_SECONDS
from installer.system.docker.docker_command import ask_docker
from installer.system.engine_problems import EngineAway, EngineProblem, EngineSilent, silence
from installer.text import _

if TYPE_CHECKING:
    from docker import APIClient
    from requests.exceptions import Timeout

KNOCK_SECONDS = 10
DEFAULT_PORT = 2375
OLDEST_API = (1, 41)
FIRST_API = "1.41"  # to request the version in use
OLDEST_ENGINE = "20.10"


def connect() -> "APIClient":
    """Connects to the engine that the `docker` command on this machine uses.

    Raises `Refused`, or `EngineSilent` if it accepts the connection and does not answer.
    """
    from docker.errors import DockerException
    from requests.exceptions import RequestException, Timeout

    address = engine_address()
    _knock(address)
    try:
        api = str(_client(address, FIRST_API).version(api_version=False)["ApiVersion"])
        _expect_recent_engine(api)
        return _client(address, api)
    except Timeout as failure:
        raise _late(_("report its version"), failure) from failure
    except (DockerException, RequestException, KeyError, TypeError) as failure:
        raise _wrong_address(address, str(failure)) from failure


def _client(address: str, api: str) -> "APIClient":
    """Returns a client that connects directly: `http_proxy` and similar variables are for other hosts."""
    from docker.utils import kwargs_from_env

    from installer.system.docker.engine_client import EngineClient

    tls = kwargs_from_env().get("tls", False)
    client = EngineClient(address, version=api, timeout=REQUEST_SECONDS, tls=tls)
    client.trust_env = False
    return client


def engine_address() -> str:
    """Returns the engine's address for the `docker` command: DOCKER_HOST, else the context in use."""
    asked = ask_docker(("docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"))
    if asked.exit_code:
        raise Refused(
            _("The `docker` command does not know which engine to use."),
            details=asked.stderr.strip().splitlines(),
            hint=_("Choose one: docker context use default"),
        )
    return asked.stdout.strip()


@contextmanager
def translated(asked: str) -> Iterator[None]:
    """Turns the SDK's errors in the body into `EngineProblem`; `asked` is the request, like "list images"."""
    from http.client import HTTPException

    from docker.errors import APIError, DockerException
    from requests.exceptions import Timeout
    from urllib3.exceptions import HTTPError

    try:
        yield
    except APIError as failure:
        raise EngineProblem(
            _("The Docker engine failed to {asked}.", asked=asked),
            details=(failure.explanation or str(failure)).strip().splitlines(),
        ) from failure
    except Timeout as failure:
        raise _late(asked, failure) from failure
    except (OSError, HTTPException, HTTPError, DockerException) as failure:
        raise EngineAway(
            _("The connection to the Docker engine was lost."),
            details=[
                _("Request: {asked}.", asked=asked),
                str(failure.args[0] if failure.args else failure),
            ],
            hint=_("Check whether it is running: docker version"),
        ) from failure


def _late(asked: str, failure: "Timeout") -> EngineSilent:
    seconds = QUESTION_SECONDS if _is_question(failure) else REQUEST_SECONDS
    return silence(
        _("The request to {asked} was not answered within {seconds} seconds.", asked=asked, seconds=seconds)
    )


def _is_question(failure: "Timeout") -> bool:
    return getattr(failure.request, "method", "GET") == "GET"


def _knock(address: str) -> None:
    """Raises `Refused` with the reason unless `address` accepts connections."""
    try:
        _open_and_close(address)
    except PermissionError as closed:
        raise _no_permission(address) from closed
    except (ValueError, socket.gaierror) as wrong:
        raise _wrong_address(address, str(wrong)) from wrong
    except OSError as silent:
        raise _no_daemon(address, silent) from silent


def _open_and_close(address: str) -> None:
    parts = urlsplit(address)
    if parts.scheme == "ssh":
        raise _remote_engine(address)
    if parts.scheme == "unix":
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(KNOCK_SECONDS)
            door.connect(parts.path)
    else:
        socket.create_connection((parts.hostname, parts.port or DEFAULT_PORT), timeout=KNOCK_SECONDS).close()


def _expect_recent_engine(api: str) -> None:
    if tuple(int(part) for part in api.split(".")) < OLDEST_API:
        raise Refused(
            _("This Docker engine is too old."),
            details=[
                _(
                    "It supports API {api}; Airlock requires Docker {oldest} or newer.",
                    api=api,
                    oldest=OLDEST_ENGINE,
                )
            ],
            hint=_("Update Docker on this machine, then run the command again."),
        )


def _no_permission(address: str) -> Refused:
    return Refused(
        _("You do not have permission to use the Docker engine."),
        details=[_("Permission denied at {address}.", address=address)],
        hint=_("Run the command with sudo, or as a member of the group `docker`."),
    )


def _wrong_address(address: str, reason: str) -> Refused:
    where = _("DOCKER_HOST") if os.environ.get("DOCKER_HOST") else _("the Docker context in use")
    return Refused(
        _("The address of the Docker engine is invalid: {address}", address=address),
        details=[_("It comes from {where}: {reason}", where=where, reason=reason)],
        hint=_("Fix it, or use the engine of this machine: unset DOCKER_HOST; docker context use default"),
    )


def _no_daemon(address: str, cause: OSError) -> Refused:
    return Refused(
        _("The Docker engine is not running."),
        details=[_("No response from {address}: {reason}", address=address, reason=cause.strerror or cause)],
        hint=_("Start it: sudo systemctl start docker"),
    )


def _remote_engine(address: str) -> Refused:
    return Refused(
        _("The Docker engine is on another machine: {address}", address=address),
        details=[_("Airlock must run on the engine's machine, because it copies files that containers use.")],
        hint=_("Log in to that machine and run the command there."),
    )
