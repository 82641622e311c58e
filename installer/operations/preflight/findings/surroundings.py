"""Gathers once the facts that several checks need."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from installer.operations.plan.import_plan import Situation
from installer.system.clock import utc_now
from installer.system.compose.compose import compose_version
from installer.system.docker.docker import Container, Engine, EngineVersion
from installer.system.files.files import size_of_tree


@dataclass(frozen=True)
class Surroundings:
    """Describes this host for the checks. `containers` are all of the engine's, `now` is UTC.

    `bytes_below` returns the size of a folder with its content, and walks each folder once.
    """

    situation: Situation
    engine: Engine
    engine_version: EngineVersion
    compose_version: str
    containers: tuple[Container, ...]
    now: datetime
    bytes_below: Callable[[Path], int] = size_of_tree

    @property
    def foreign_containers(self) -> tuple[Container, ...]:
        """Returns containers of neither the old installation nor the project to be installed."""
        installation = self.situation.installation
        ours = installation.containers if installation else ()
        return foreign_among(self.containers, ours, self.situation.plan.project)


def foreign_among(
    containers: Sequence[Container], ours: Sequence[Container], project: str
) -> tuple[Container, ...]:
    """Returns the containers that are neither among `ours` nor of `project`."""
    ids = {one.id for one in ours}
    return tuple(one for one in containers if one.id not in ids and one.project != project)


def look_at_surroundings(situation: Situation, engine: Engine) -> Surroundings:
    """Asks the engine, Compose and the clock. Raises `Refused` if there is no Compose v2."""
    return Surroundings(
        situation,
        engine,
        engine.version(),
        compose_version(),
        engine.containers(),
        utc_now(),
        cache(size_of_tree),
    )
