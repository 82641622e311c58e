"""Asks containers whether they are healthy by running their own health checks at once.

The engine runs a check only at its interval, which may be half a minute.
"""

from dataclasses import dataclass

from installer.system.docker.docker import Container, Engine
from installer.system.engine_problems import EngineProblem


@dataclass(frozen=True)
class _Asked:
    """A check that was begun, and whether the one before it passed."""

    command: str
    passed: bool


class OwnChecks:
    """Runs the checks of containers again and again, one at a time for each, and waits for none of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._asked: dict[tuple[str, int], _Asked] = {}

    def passed(self, container: Container) -> bool:
        """Returns whether the last check that ended passed, and begins the next one.

        False at the first call, and for a check that cannot be run.
        """
        start = (container.id, container.restart_count)
        try:
            return bool(container.health_check) and self._ask(start, container)
        except EngineProblem:  # the container ended, or the engine did
            self._asked.pop(start, None)
            return False

    def _ask(self, start: tuple[str, int], container: Container) -> bool:
        asked = self._asked.get(start)
        code = self._engine.exit_code(asked.command) if asked is not None else None
        if asked is None or code is not None:
            asked = _Asked(self._engine.begin(container.id, container.health_check), code == 0)
            self._asked[start] = asked
        return asked.passed
