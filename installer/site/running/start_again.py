"""Restarts services that were stopped temporarily."""

from collections.abc import Collection, Iterable

from installer.system.compose.compose import Compose
from installer.system.docker.docker import Container


def start_again(compose: Compose, containers: Iterable[Container], services: Collection[str]) -> None:
    """Starts the containers of `services`, or new ones if the directory was renamed since they were created.

    The engine mounts the folders of an existing container by their old paths, and creates empty ones there.
    """
    places = {one.working_dir for one in containers if one.service in services and not one.is_one_off}
    if all(place is None or place.resolve() == compose.directory.resolve() for place in places):
        compose.start(tuple(services))
    else:
        compose.up(tuple(services), no_deps=True)
