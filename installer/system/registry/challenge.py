"""Parses the challenge with which a registry asks for a login (RFC 9110, 11.6.1)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PARAMETER = re.compile(r'([A-Za-z_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))')


@dataclass(frozen=True)
class Challenge:
    """What a registry asks for: `scheme` is "basic" or "bearer"."""

    scheme: str
    parameters: Mapping[str, str]


def find_challenge(headers: Iterable[str]) -> Challenge | None:
    """Returns the challenge in `WWW-Authenticate` headers that this program can meet: rather a token."""
    found = {one.scheme: one for one in map(_parsed, headers)}
    return found.get("bearer") or found.get("basic")


def _parsed(header: str) -> Challenge:
    scheme, _blank, rest = header.strip().partition(" ")
    pairs = PARAMETER.findall(rest)
    quoted = {name.lower(): re.sub(r"\\(.)", r"\1", text) or plain for name, text, plain in pairs}
    return Challenge(scheme.lower(), quoted)
