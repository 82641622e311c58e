"""Reads what `docker login` saved for a registry: in a file of Docker, or in a program that keeps logins."""

import base64
import binascii
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from installer.errors import UsageProblem
from installer.system.registry.login import TOKEN, Login
from installer.system.registry.login_helper import ask_helper
from installer.system.secret import Secret
from installer.text import _


@dataclass(frozen=True)
class Logins:
    """The logins of this user by host. `helpers` name the programs that keep other logins."""

    path: Path
    by_host: Mapping[str, Login]
    helpers: Mapping[str, str]
    default_helper: str = ""

    def helper(self, host: str) -> str:
        """Returns the program that keeps the login for `host`; "" for none."""
        return self.helpers.get(host, self.default_helper)

    def login(self, host: str) -> Login | None:
        """Returns the login for `host`: the one that its program keeps, else the one in the file.

        Runs the program, which may ask its user for a password. Raises `Refused` if it fails.
        """
        helper = self.helper(host)
        kept = ask_helper(helper, host) if helper else None
        return kept or self.by_host.get(host)


def read_logins(environment: Mapping[str, str] = os.environ) -> Logins:
    """Reads Docker's `config.json`. Raises `UsageProblem` if it cannot be read; never quotes it."""
    folder = environment.get("DOCKER_CONFIG") or Path(environment.get("HOME") or "/root") / ".docker"
    path = Path(folder) / "config.json"
    try:
        members = json.loads(path.read_bytes())
        auths = members.get("auths") or {}
        found = {_host(place): _login(auth) for place, auth in auths.items()}
        logins = {host: login for host, login in found.items() if login is not None}
        helpers = {_host(place): str(name) for place, name in (members.get("credHelpers") or {}).items()}
        return Logins(path, logins, helpers, str(members.get("credsStore") or ""))
    except FileNotFoundError:
        return Logins(path, {}, {})
    except OSError as problem:
        raise UsageProblem(
            _("{path} cannot be read: {problem}.", path=path, problem=problem.strerror)
        ) from problem
    except (ValueError, AttributeError, TypeError, RecursionError):
        raise UsageProblem(
            _("{path} is not a valid configuration of Docker.", path=path),
            hint=_("Log in again: docker login {host}", host="HOST"),
        ) from None


def _login(auth: Mapping[str, str]) -> Login | None:
    """Returns the login of an entry; None for an empty one, whose login a program keeps."""
    if auth.get("identitytoken"):
        return Login(TOKEN, Secret(auth["identitytoken"]))
    if auth.get("username"):
        return Login(auth["username"], Secret(auth.get("password") or ""))
    if not auth.get("auth"):
        return None
    try:
        user, _colon, password = base64.b64decode(auth["auth"], validate=True).decode().partition(":")
    except binascii.Error as problem:
        raise ValueError from problem
    return Login(user, Secret(password.rstrip("\0")))


def _host(place: str) -> str:
    """Returns the host of a key such as `https://registry.site:5000/v2/`."""
    return re.sub(r"^https?://", "", place).partition("/")[0]
