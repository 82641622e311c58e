"""A program that keeps logins for Docker, as a shell script: it records what it was asked."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class CredentialHelper:
    """The program `docker-credential-site`."""

    folder: Path

    @property
    def asked(self) -> list[str]:
        """Its words and what it read, for each time that it ran."""
        record = self.folder / "asked"
        return record.read_text().splitlines() if record.exists() else []

    def ends_with(self, exit_code: int, *, prints: str = "", says: str = "", sleeps: int = 0) -> None:
        """Decides what it does when it is asked."""
        (self.folder / "prints").write_text(prints)
        (self.folder / "says").write_text(says)
        program = self.folder / "docker-credential-site"
        program.write_text(
            "#!/bin/sh\n"
            f'cd "{self.folder}" && echo "$* $(cat)" >>asked && cat prints && cat says >&2\n'
            f"sleep {sleeps}; exit {exit_code}\n"
        )
        program.chmod(0o755)

    def keeps(self, user: str, secret: str) -> None:
        """Lets it keep a login."""
        self.ends_with(0, prints=json.dumps({"ServerURL": "", "Username": user, "Secret": secret}))


def credential_helper(folder: Path, patch: pytest.MonkeyPatch) -> CredentialHelper:
    """The program in the PATH of this test."""
    folder.mkdir()
    patch.setenv("PATH", str(folder), prepend=":")
    return CredentialHelper(folder)
