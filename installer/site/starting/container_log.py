"""Reads what a container logged, without the secrets that it was given."""

import re

from installer.system.docker.docker import Container, Engine

IS_SECRET = re.compile(r"PASSWORD|PASSWD|PWD|SECRET|TOKEN|KEY|CREDENTIAL|(?:^|_)(?:URL|DSN)$")
SHORTEST_SECRET = 4  # a shorter value would hide half of the log
GENERATED = re.compile(r"(GENERATED \w+ PASSWORD: ?)\S+")
HIDDEN = "***"


def last_lines(engine: Engine, container: Container, lines: int) -> tuple[str, ...]:
    """Returns the last lines of a container's log, with the secrets of its environment hidden."""
    return tuple(without_secrets(engine.logs(container.id, lines), container).splitlines())


def without_secrets(text: str, container: Container) -> str:
    """Hides the passwords that the container was given, or that its image generated."""
    values = {value.reveal() for name, value in container.environment.items() if IS_SECRET.search(name)}
    for value in sorted(values, key=len, reverse=True):
        if len(value) >= SHORTEST_SECRET:
            text = text.replace(value, HIDDEN)
    return GENERATED.sub(rf"\1{HIDDEN}", text)
