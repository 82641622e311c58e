"""Restarts services that were stopped temporarily."""

import time
from collections.abc import Callable, Collection, Iterable

from installer.system.compose.compose import Compose
from installer.system.compose.messages import JobFailed, NotReady
from installer.system.docker.docker import Container

PATIENCE_SECONDS = 300.0
RETRY_SECONDS = 2.0


def start_again(
    compose: Compose,
    containers: Iterable[Container],
    services: Collection[str],
    *,
    patience_seconds: float = PATIENCE_SECONDS,
) -> None:
    """Starts the containers of `services`, or new ones if the directory was renamed since they were created.

    The engine mounts the folders of an existing container by their old paths, and creates empty ones there.
    """
    places = {one.working_dir for one in containers if one.service in services and not one.is_one_off}
    if all(place is None or place.resolve() == compose.directory.resolve() for place in places):
        until_ready(lambda: compose.start(tuple(services)), patience_seconds)
    else:
        until_ready(lambda: compose.up(tuple(services), no_deps=True), patience_seconds)


def until_ready(start: Callable[[], None], patience_seconds: float) -> None:
    """Calls `start` again and again while Compose gives up because a dependency is unhealthy.

    It does so at once, although the dependency may recover; whoever starts a release again has no other
    choice.
    """
    deadline = time.monotonic() + patience_seconds
    while True:
        try:
            start()
        except NotReady as problem:
            if isinstance(problem, JobFailed) or time.monotonic() > deadline:
                raise
            time.sleep(RETRY_SECONDS)
        else:
            return
