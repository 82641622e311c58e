"""A proxy before a server that cuts connections after some bytes of what a client sends."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE_BYTES = 1 << 16


@contextmanager
def cutting_proxy(host: str, cuts: list[int]) -> Iterator[str]:
    """Yields the proxy's host. Each connection takes one of `cuts`, in bytes; those after them stay whole."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_serve, args=(server, host, cuts), daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def _serve(server: socket.socket, host: str, cuts: list[int]) -> None:
    name, _colon, port = host.partition(":")
    with suppress(OSError):
        while True:
            client, _address = server.accept()
            behind = socket.create_connection((name, int(port)))
            most = cuts.pop(0) if cuts else None
            threading.Thread(target=_pass_on, args=(client, behind, most), daemon=True).start()
            threading.Thread(target=_pass_on, args=(behind, client, None), daemon=True).start()


def _pass_on(source: socket.socket, target: socket.socket, most_bytes: int | None) -> None:
    passed = 0
    with suppress(OSError), source, target:
        while piece := source.recv(PIECE_BYTES):
            if most_bytes is not None and passed + len(piece) > most_bytes:
                target.sendall(piece[: most_bytes - passed])
                source.shutdown(socket.SHUT_RDWR)
                break
            target.sendall(piece)
            passed += len(piece)
        target.shutdown(socket.SHUT_RDWR)
