"""Offers an engine's socket at a port of this machine, as DOCKER_HOST names one on Windows."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Thread

PIECE_BYTES = 1 << 16


@contextmanager
def forwarded(unix_socket: str) -> Iterator[str]:
    """Yields the address `tcp://…` that leads to the socket; ends all its connections afterwards."""
    ends: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as door:
        serving = Thread(target=_serve, args=(door, unix_socket, ends))
        serving.start()
        try:
            yield f"tcp://127.0.0.1:{door.getsockname()[1]}"
        finally:
            for end in (door, *ends):
                with suppress(OSError):  # it has ended
                    end.shutdown(socket.SHUT_RDWR)
            serving.join()


def _serve(door: socket.socket, unix_socket: str, ends: list[socket.socket]) -> None:
    passing: list[Thread] = []
    with suppress(OSError):  # until the door is closed
        while True:
            near, far = door.accept()[0], socket.socket(socket.AF_UNIX)
            ends += (near, far)
            far.connect(unix_socket)
            passing += (Thread(target=_pass_on, args=both) for both in ((near, far), (far, near)))
            for thread in passing[-2:]:
                thread.start()
    for thread in passing:
        thread.join()
    for end in ends:
        end.close()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    with suppress(OSError):
        while content := one.recv(PIECE_BYTES):
            other.sendall(content)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
