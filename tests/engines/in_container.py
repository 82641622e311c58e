"""An engine that has an address of its own, as one on another machine has."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

from installer.system.process.process import output_of

PORT = 2375
PATIENCE_SECONDS = 20


@contextmanager
def engine_in_a_container() -> Iterator[str]:
    """A server in a container, which has an address of its own, that answers to `GET /version`."""
    page = f"""mkdir /www; echo '{{"ApiVersion": "1.45"}}' > /www/version; exec httpd -f -p {PORT} -h /www"""
    container = output_of(("docker", "run", "--detach", "--init", "busybox:1", "sh", "-c", page)).strip()
    shown = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    host = output_of(("docker", "inspect", "--format", shown, container)).strip()
    try:
        wait_for_port(host, PORT)
        yield f"tcp://{host}:{PORT}"
    finally:
        output_of(("docker", "rm", "--force", container))


def wait_for_port(host: str, port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            socket.create_connection((host, port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < deadline
            time.sleep(0.1)
