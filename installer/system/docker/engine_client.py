"""Asks the engine's API questions with a shorter deadline than requests to change something."""

from typing import Any

from docker import APIClient

from installer.system.deadlines import QUESTION_SECONDS


class EngineClient(APIClient):
    """A client that waits `timeout` seconds for the answer to a request, and less for one to a question."""

    def _get(self, url: str, **words: Any) -> Any:
        return super()._get(url, **{"timeout": QUESTION_SECONDS, **words})  # type: ignore[misc]
