"""Restarts services that were stopped temporarily."""

import time
from collections.abc import Callable, Collection, Iterable

from installer.errors import AirlockError
from installer.system.compose.compose import Compose
from installer.system.compose.messages import JobFailed, NotReady
from installer.system.docker.docker import Container
from installer.system.engine_problems import was_away

PATIENCE_SECONDS = 300.0
RETRY_SECONDS = 2.0


def start_again(
    compose: Compose,
    containers: Callable[[], Iterable[Container]],
    services: Collection[str],
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> None:
    """Starts the containers of `services`, or new ones if the directory was renamed since they were created.

    The engine mounts the folders of an existing container by their old paths, and creates empty ones there.
    """

    def start() -> None:
        own = (one for one in containers() if one.service in services and not one.is_one_off)
        places = {one.working_dir for one in own}
        if all(place is None or place.resolve() == compose.directory.resolve() for place in places):
            compose.start(tuple(services))
        else:
            compose.up(tuple(services), no_deps=True)

    until_ready(start, patience_seconds)


def until_ready(start: Callable[[], None], patience_seconds: float) -> None:
    """Calls `start` again and again while a dependency is unhealthy or the engine is away.

    Compose gives up at once, although both may recover; whoever starts a release again has no other choice.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            start()
        except AirlockError as problem:
            if not _may_recover(problem) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return


def _may_recover(problem: AirlockError) -> bool:
    return (isinstance(problem, NotReady) and not isinstance(problem, JobFailed)) or was_away(problem)
