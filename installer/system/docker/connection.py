"""Connects to the Docker engine and translates connection errors. For requests to it see `docker`."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from installer.system.deadlines import QUESTION_SECONDS, REQUEST_SECONDS
from installer.system.docker.recognition.engine_address import engine_address, knock, wrong_address
from installer.system.docker.recognition.spoken_api import choose_api
from installer.system.engine_problems import EngineAway, EngineProblem, EngineSilent, silence
from installer.text import _

if TYPE_CHECKING:
    from docker import APIClient
    from requests.exceptions import Timeout

FIRST_API = "1.41"  # to request the version in use


def connect(*, may_be_elsewhere: bool = False) -> "APIClient":
    """Connects to the engine that the `docker` command uses.

    Raises `Refused`, also for an engine on another machine unless it `may_be_elsewhere`, or `EngineSilent` if
    it accepts the connection and does not answer.
    """
    from docker.errors import DockerException
    from requests.exceptions import RequestException, Timeout

    address = engine_address()
    knock(address, may_be_elsewhere=may_be_elsewhere)
    try:
        api = choose_api(_client(address, FIRST_API).version(api_version=False))
        return _client(address, api)
    except Timeout as failure:
        raise _late(_("report its version"), failure) from failure
    except (DockerException, RequestException, KeyError, TypeError, ValueError) as failure:
        raise wrong_address(address, str(failure)) from failure


def _client(address: str, api: str) -> "APIClient":
    """Returns a client that connects directly: `http_proxy` and similar variables are for other hosts."""
    from docker.utils import kwargs_from_env

    from installer.system.docker.engine_client import EngineClient

    tls = kwargs_from_env().get("tls", False)
    client = EngineClient(address, version=api, timeout=REQUEST_SECONDS, tls=tls)
    client.trust_env = False
    return client


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
