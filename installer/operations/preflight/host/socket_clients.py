"""Warns of services that use the engine through its socket, if the engine refuses older clients."""

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath

from installer.operations.preflight.findings.finding import Finding, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.compose.compose import ComposeModel
from installer.system.docker.recognition.spoken_api import api_parts
from installer.text import _

SOCKET = "docker.sock"
NEW_LIMIT = (1, 44)  # of Docker 29; engines before it accept clients that are ten years old


def check_socket_clients(around: Surroundings) -> Iterator[Finding]:
    """Looks for the engine's socket among the mounts of the release's services."""
    users = socket_users(around.situation.model)
    yield from judge_socket_clients(users, around.engine_version.version, around.engine.kind().oldest_api)


def socket_users(model: ComposeModel) -> tuple[str, ...]:
    """Lists the services that mount the engine's socket, each with what it mounts."""
    return tuple(
        f"{service.name}: {mount.source}"
        for service in model.services.values()
        for mount in service.mounts
        if mount.kind == "bind" and PurePosixPath(mount.source).name == SOCKET
    )


def judge_socket_clients(users: Sequence[str], version: str, oldest_api: str) -> Iterator[Finding]:
    """Warns of `users` on an engine of this version that accepts only `oldest_api` and newer.

    Which version of the API the program in an image asks for cannot be known before it runs.
    """
    if users and api_parts(oldest_api) >= NEW_LIMIT:
        limit = _(
            "Docker {version} refuses clients older than API {oldest}.", version=version, oldest=oldest_api
        )
        yield warning(
            _("Services of the release talk to the Docker engine through its socket."),
            [*users, limit],
            hint=_("Ask the vendor whether these services support API {oldest}.", oldest=oldest_api),
        )
