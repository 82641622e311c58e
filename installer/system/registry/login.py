"""Defines a login for a registry: a user with a password, or a token that stands for both."""

import base64
from dataclasses import dataclass

from installer.system.secret import Secret

TOKEN = "<token>"  # in place of a user, as Docker's helpers write it


@dataclass(frozen=True)
class Login:
    """A user and the password for one registry. Of the user `<token>`, the password is an identity token."""

    user: str
    password: Secret

    @property
    def is_token(self) -> bool:
        """Returns whether this is an identity token, which only a token server takes."""
        return self.user == TOKEN

    @property
    def basic(self) -> Secret:
        """Returns the value of an `Authorization` header."""
        pair = f"{self.user}:{self.password.reveal()}".encode()
        return Secret(f"Basic {base64.b64encode(pair).decode()}")
