"""Leads a TCP port of this machine to a socket, as if the engine there listened on the port."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread


@contextmanager
def forwarded(path: str) -> Iterator[str]:
    """Yields a TCP address of this machine that leads to a socket."""

    class Forward(BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as engine:
                engine.connect(path)
                back = Thread(target=copy, args=(engine, self.request))
                back.start()
                copy(self.request, engine)
                back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Forward) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def copy(source: socket.socket, target: socket.socket) -> None:
    """Copies bytes until the source ends, and passes its end on."""
    try:
        while chunk := source.recv(65536):
            target.sendall(chunk)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        return
