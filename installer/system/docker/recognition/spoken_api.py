"""Decides in which version of its API to ask an engine, and refuses those that speak none of ours.

An engine answers a question in the version it is asked in, so one that is newer than this program answers as
those did that it was tried on. From API 1.52 on, empty fields are left out.
https://docs.docker.com/reference/api/engine/version-history
"""

from collections.abc import Mapping
from typing import Any

from installer.errors import Refused
from installer.text import _

OLDEST_API = (1, 41)
OLDEST_ENGINE = "20.10"
NEWEST_API = (1, 51)  # of Docker 28.5
ANY_API = "1.0"
PODMAN = "Podman Engine"


def choose_api(answer: Mapping[str, Any]) -> str:
    """Returns the newest version that both sides know; `answer` is the engine's to `GET /version`.

    Raises `Refused` for Podman, and for an engine that is too old or too new.
    """
    newest, oldest = str(answer["ApiVersion"]), str(answer.get("MinAPIVersion") or ANY_API)
    if any(part.get("Name") == PODMAN for part in answer.get("Components") or ()):
        raise podman_refusal(str(answer["Version"]))
    if api_parts(newest) < OLDEST_API:
        raise _too_old(newest)
    if api_parts(oldest) > NEWEST_API:
        raise _too_new(oldest)
    return _written(min(api_parts(newest), NEWEST_API))


def api_parts(api: str) -> tuple[int, ...]:
    """Returns a version of the API in a form that can be compared."""
    return tuple(int(part) for part in api.split("."))


def podman_refusal(version: str) -> Refused:
    """Returns the error for Podman, at a socket of Docker's or under the name of its command."""
    return Refused(
        _("This is Podman {version}, not Docker.", version=version),
        details=[
            _("Podman gives loaded images other names (localhost/…) than the release's compose file has."),
            _("Airlock requires Docker {oldest} or newer.", oldest=OLDEST_ENGINE),
        ],
        hint=_(
            "Install Docker, or use the one of this machine: unset DOCKER_HOST; docker context use default"
        ),
    )


def _written(api: tuple[int, ...]) -> str:
    return ".".join(map(str, api))


def _too_old(api: str) -> Refused:
    return Refused(
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


def _too_new(oldest: str) -> Refused:
    return Refused(
        _("This Docker engine is too new for this version of Airlock."),
        details=[
            _(
                "It accepts API {oldest} and newer; this version of Airlock supports API {newest} and older.",
                oldest=oldest,
                newest=_written(NEWEST_API),
            )
        ],
        hint=_("Ask the vendor for a package made with a newer Airlock."),
    )
