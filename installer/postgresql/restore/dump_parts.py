"""Cuts the SQL of a dump into the roles of the server and the database itself, while it streams."""

from collections.abc import Iterable, Iterator

DATABASE_BEGINS = b"--\n-- PostgreSQL database dump\n"
MOST_BYTES_OF_ROLES = 64 * 1024**2


def cut_roles_off(chunks: Iterable[bytes]) -> tuple[str, Iterator[bytes]]:
    """Returns the SQL of the roles, and a stream of the rest; no roles for a dump made by hand."""
    stream, head = iter(chunks), b""
    for chunk in stream:
        head += chunk
        begin = head.find(DATABASE_BEGINS)
        if begin >= 0:
            return head[:begin].decode("utf-8", "surrogateescape"), _rest(head[begin:], stream)
        if len(head) > MOST_BYTES_OF_ROLES:
            break
    return "", _rest(head, stream)


def _rest(head: bytes, stream: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from stream
