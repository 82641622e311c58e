"""Asks a program that keeps logins for Docker: `docker-credential-NAME get`.

https://github.com/docker/docker-credential-helpers#development
"""

import json
import subprocess

from installer.errors import AirlockError, Refused
from installer.system.deadlines import QUESTION_SECONDS
from installer.system.process.process import Completed, run
from installer.system.registry.login import Login
from installer.system.secret import Secret
from installer.text import _

NOT_FOUND = "credentials not found in native keychain"  # the same words in every helper


def ask_helper(name: str, host: str, timeout_seconds: float = QUESTION_SECONDS) -> Login | None:
    """Returns the login that the program keeps for `host`; None if it keeps none.

    Raises `Refused` if the program is missing or fails. Never quotes the program: its output has the secret.
    """
    program = f"docker-credential-{name}"
    try:
        done = run((program, "get"), stdin=host, timeout_seconds=timeout_seconds)
    except subprocess.TimeoutExpired:
        reason = _("It did not answer within {seconds} s.", seconds=round(timeout_seconds))
        raise _no_login(program, host, reason) from None
    except (OSError, ValueError) as problem:
        raise _no_login(program, host, str(problem)) from problem
    if done.exit_code and done.stdout.strip() == NOT_FOUND:
        return None
    if done.exit_code:
        raise _no_login(program, host, _("It ended with exit code {code}.", code=done.exit_code))
    return _login_in(done, program, host)


def _login_in(done: Completed, program: str, host: str) -> Login | None:
    try:
        members = json.loads(done.stdout)
        user, secret = members["Username"], members["Secret"]
    except (ValueError, LookupError, TypeError, RecursionError):
        user = secret = None
    if not isinstance(user, str) or not isinstance(secret, str):
        raise _no_login(program, host, _("It answered with something other than a login."))
    return Login(user, Secret(secret)) if user or secret else None


def _no_login(program: str, host: str, reason: str) -> AirlockError:
    return Refused(
        _("The program {program} gave no login for {host}.", program=program, host=host),
        details=[reason],
        hint=_("To see its error message, run: docker login {host}", host=host),
    )
