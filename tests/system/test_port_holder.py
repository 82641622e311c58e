import os
import socket
from pathlib import Path

import pytest

from installer.system.port_holder import port_holder


@pytest.mark.parametrize(("kind", "protocol"), [(socket.SOCK_STREAM, "tcp"), (socket.SOCK_DGRAM, "udp")])
@pytest.mark.parametrize("family", [socket.AF_INET, socket.AF_INET6])
def test_the_program_that_holds_a_port_is_named(kind: int, protocol: str, family: int) -> None:
    with socket.socket(family, kind) as held:
        held.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        if protocol == "tcp":
            held.listen()
        name = Path("/proc/self/comm").read_text().strip()
        port = held.getsockname()[1]
        assert port_holder(port, protocol) == f"{name} (process {os.getpid()})"
    assert port_holder(port, protocol) is None
