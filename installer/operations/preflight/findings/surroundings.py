"""The facts that several checks need, gathered once."""

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
    """This host as the checks see it. `containers` are all of the engine's, `now` is UTC.

    `bytes_below` gives the size of a folder with all that it holds, each looked through once.
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
        """Containers that are neither of the old installation nor of the project to be installed."""
        installation = self.situation.installation
        ours = installation.containers if installation else ()
        return foreign_among(self.containers, ours, self.situation.plan.project)


def foreign_among(
    containers: Sequence[Container], ours: Sequence[Container], project: str
) -> tuple[Container, ...]:
    """The containers that are neither among `ours` nor of `project`."""
    ids = {one.id for one in ours}
    return tuple(one for one in containers if one.id not in ids and one.project != project)


def look_at_surroundings(situation: Situation, engine: Engine) -> Surroundings:
    """Ask the engine, Compose and the clock. Raises `Refused` when there is no Compose v2."""
    return Surroundings(
        situation,
        engine,
        engine.version(),
        compose_version(),
        engine.containers(),
        utc_now(),
        cache(size_of_tree),
    )
