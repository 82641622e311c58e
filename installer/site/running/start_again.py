"""Starts services that were stopped for a while."""

from collections.abc import Collection, Iterable

from installer.system.compose.compose import Compose
from installer.system.docker.docker import Container


def start_again(compose: Compose, containers: Iterable[Container], services: Collection[str]) -> None:
    """Start the containers of `services`, or new ones where the directory was renamed since they were made.

    The engine looks for the folders of a container that it starts under their old names, and makes empty
    ones there.
    """
    places = {one.working_dir for one in containers if one.service in services and not one.is_one_off}
    if all(place is None or place.resolve() == compose.directory.resolve() for place in places):
        compose.start(tuple(services))
    else:
        compose.up(tuple(services), no_deps=True)
