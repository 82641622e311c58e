"""Runs `age` (age-encryption.org), which encrypts a file to the public keys of its recipients.

A recipient is `age1…`, a public SSH key (`ssh-ed25519 …`, `ssh-rsa …`), or a file with one key per line.
Recipients are not secret; the identity is, and is passed only as the path of its file.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from installer.errors import Refused
from installer.system.process.process import ToolFailed, run
from installer.system.process.streaming import reading_from, writing_to
from installer.text import _


@contextmanager
def encrypting(file: IO[bytes], recipients: Sequence[str]) -> Iterator[IO[bytes]]:
    """Yields a stream that is written to `file` encrypted. Raises `ToolFailed` if that fails."""
    with writing_to(("age", "--encrypt", *_words(recipients)), stdout=file) as stream:
        yield stream


@contextmanager
def decrypting(path: Path, identity: Path) -> Iterator[IO[bytes]]:
    """Yields the content of an encrypted file. Raises `Refused` if the key in `identity` does not match."""
    command = ("age", "--decrypt", "--identity", str(identity))
    try:
        with path.open("rb") as file, reading_from(command, stdin=file) as stream:
            yield stream
    except ToolFailed as failure:
        raise Refused(
            _("{name} cannot be decrypted with the key in {file}.", name=path.name, file=identity),
            details=failure.details,
        ) from failure


def refuse_recipients(recipients: Sequence[str]) -> None:
    """Raises `Refused` if `age` is not installed or rejects these recipients."""
    if not recipients:
        return
    try:
        tried = run(("age", "--encrypt", *_words(recipients)))
    except Refused as missing:
        raise Refused(
            _("Encrypting a backup requires the program `age`."),
            details=[missing.happened],
            hint=_("Install it (Debian and Ubuntu: apt-get install age), then run the command again."),
        ) from missing
    if tried.exit_code:
        raise Refused(
            _("The backup cannot be encrypted to these recipients."),
            details=tried.stderr.strip().splitlines()[:3],
            hint=_("Specify a public key (age1…, ssh-ed25519 …), or a file with one key per line."),
        )


def _words(recipients: Sequence[str]) -> Iterator[str]:
    for recipient in recipients:
        yield from ("--recipients-file" if Path(recipient).is_file() else "--recipient", recipient)
