"""Further private servers for tests that need two machines, started when first asked for."""

from collections.abc import Sequence
from contextlib import ExitStack
from types import TracebackType

from testbed.engine import Generation
from testbed.images import ONLINE
from testbed.life import Store, server
from testbed.server import Server


class Servers:
    """Servers by name. "online" has the base images that a registry would give it; the others have none."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._started: dict[str, Server] = {}

    def __enter__(self) -> "Servers":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.close()

    def __getitem__(self, name: str) -> Server:
        if name not in self._started:
            self.start(name, images=ONLINE if name == "online" else ())
        return self._started[name]

    def start(
        self,
        name: str,
        *,
        images: Sequence[str] = (),
        engine: Generation = "26",
        store: Store = "classic",
        oldest_api: str | None = None,
    ) -> Server:
        """Start a server with these base images; it ends with the run."""
        running = server(name, images=images, engine=engine, store=store, oldest_api=oldest_api)
        self._started[name] = self._stack.enter_context(running)
        return self._started[name]
