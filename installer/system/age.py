"""The door to `age` (age-encryption.org), which encrypts a file to the public keys of its readers.

A recipient is `age1…`, a public SSH key (`ssh-ed25519 …`, `ssh-rsa …`), or a file with one on each line.
They are no secrets; the identity, which is one, is only ever named by its file.
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
    """A stream whose content arrives in `file` encrypted. Raises `ToolFailed` unless all of it did."""
    with writing_to(("age", "--encrypt", *_words(recipients)), stdout=file) as stream:
        yield stream


@contextmanager
def decrypting(path: Path, identity: Path) -> Iterator[IO[bytes]]:
    """The content of an encrypted file. Raises `Refused` where the key in `identity` does not fit."""
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
    """Raise `Refused` when `age` is not here or does not take these recipients."""
    if not recipients:
        return
    try:
        tried = run(("age", "--encrypt", *_words(recipients)))
    except Refused as missing:
        raise Refused(
            _("To encrypt a backup, the program `age` is needed."),
            details=[missing.happened],
            hint=_("Install it (Debian and Ubuntu: apt-get install age), then run the command again."),
        ) from missing
    if tried.exit_code:
        raise Refused(
            _("The backup cannot be encrypted to these recipients."),
            details=tried.stderr.strip().splitlines()[:3],
            hint=_("Give a public key (age1…, ssh-ed25519 …) or a file with one on each line."),
        )


def _words(recipients: Sequence[str]) -> Iterator[str]:
    for recipient in recipients:
        yield from ("--recipients-file" if Path(recipient).is_file() else "--recipient", recipient)
