"""Gets something large from an engine behind a Unix socket: by HTTP/1.0, which has no chunks.

An engine makes a chunk of every 32 KiB, and Python takes each apart; without them the engine needs a fifth
less of a processor, Python less than half. Its client cannot ask like that, but read what comes.
"""

import json
import socket
from http import HTTPStatus
from http.client import HTTPResponse


def get_stream(socket_path: str, path: str) -> HTTPResponse:
    """The answer to GET, to be read and closed. Waits for it as long as it takes.

    Where it ends, only its content says. Raises `APIError` when the engine refuses, `OSError` or
    `HTTPException` when it goes away.
    """
    with socket.socket(socket.AF_UNIX) as door:  # the answer keeps it open
        door.connect(socket_path)
        door.sendall(f"GET {path} HTTP/1.0\r\nHost: docker\r\n\r\n".encode())
        answer = HTTPResponse(door, method="GET")
    try:
        answer.begin()
        _expect_success(answer)
    except BaseException:
        answer.close()
        raise
    return answer


def _expect_success(answer: HTTPResponse) -> None:
    from docker.errors import APIError

    if answer.status != HTTPStatus.OK:
        raise APIError(answer.reason, explanation=json.loads(answer.read())["message"])
