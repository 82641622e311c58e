"""Finds the engine that the `docker` command uses, and whether it is on this machine. Asks it nothing."""

import os
import socket
from urllib.parse import urlsplit

from installer.errors import Refused
from installer.system.docker.docker_command import ask_docker
from installer.system.docker.recognition.open_and_close import open_and_close
from installer.system.docker.recognition.spoken_api import podman_refusal
from installer.system.operating_system import IS_LINUX, IS_WINDOWS
from installer.text import _

SHOWN = "{{.Endpoints.docker.Host}}{{if .TLSMaterial}}\n{{.Storage.TLSPath}}{{end}}"


def engine_address() -> str:
    """Returns the engine's address for the `docker` command: DOCKER_HOST, else the context in use.

    Raises `Refused` for a context with TLS files, which the `docker` command alone reads.
    """
    asked = ask_docker(("docker", "context", "inspect", "--format", SHOWN))
    address, _newline, tls_folder = asked.stdout.strip().partition("\n")
    if asked.exit_code or not address:
        raise _no_address(asked.stderr)
    if tls_folder.startswith("/"):  # else these files are those of DOCKER_CERT_PATH
        raise _files_of_context(address, tls_folder)
    return address


def knock(address: str, *, may_be_elsewhere: bool) -> None:
    """Raises `Refused` with the reason unless `address` accepts connections.

    An engine on another machine is refused, too, unless it `may_be_elsewhere`.
    """
    try:
        is_here = open_and_close(address)
    except PermissionError as closed:
        raise _no_permission(address) from closed
    except (ValueError, socket.gaierror) as wrong:
        raise wrong_address(address, str(wrong)) from wrong
    except OSError as silent:
        raise _no_daemon(address, silent) from silent
    if not (is_here or may_be_elsewhere):
        raise _elsewhere(address)
    if urlsplit(address).scheme == "ssh":
        raise _only_by_ssh(address)


def wrong_address(address: str, reason: str) -> Refused:
    """Returns the error for an address where no engine answers as one."""
    return Refused(
        _("The address of the Docker engine is invalid: {address}", address=address),
        details=[_("It comes from {where}: {reason}", where=_origin(), reason=reason)],
        hint=_("Fix it, or use the engine of this machine: unset DOCKER_HOST; docker context use default"),
    )


def _origin() -> str:
    return _("DOCKER_HOST") if os.environ.get("DOCKER_HOST") else _("the Docker context in use")


def _no_address(said: str) -> Refused:
    """Returns the error of a `docker` command that names no engine: Podman's stand-in says nothing at all."""
    version = ask_docker(("docker", "--version")).stdout.strip()
    if version.startswith("podman"):
        return podman_refusal(version.rpartition(" ")[2])
    return Refused(
        _("The `docker` command does not know which engine to use."),
        details=said.strip().splitlines(),
        hint=_("Choose one: docker context use default"),
    )


def _files_of_context(address: str, tls_folder: str) -> Refused:
    return Refused(
        _("The Docker context in use has TLS files of its own, which Airlock does not read."),
        details=[_("Engine: {address}; files: {folder}", address=address, folder=f"{tls_folder}/docker")],
        hint=_(
            "Set the same with variables, then run the command again: {command}",
            command=f"export DOCKER_HOST={address} DOCKER_TLS_VERIFY=1 DOCKER_CERT_PATH={tls_folder}/docker",
        ),
    )


def _no_permission(address: str) -> Refused:
    return Refused(
        _("You do not have permission to use the Docker engine."),
        details=[_("Permission denied at {address}.", address=address)],
        hint=_("Run the command as a member of the group `docker-users`.")
        if IS_WINDOWS
        else _("Run the command with sudo, or as a member of the group `docker`."),
    )


def _no_daemon(address: str, cause: OSError) -> Refused:
    return Refused(
        _("The Docker engine is not running."),
        details=[_("No response from {address}: {reason}", address=address, reason=cause.strerror or cause)],
        hint=_("Start it: sudo systemctl start docker")
        if IS_LINUX
        else _("Start Docker Desktop, then run the command again."),
    )


def _elsewhere(address: str) -> Refused:
    return Refused(
        _("The Docker engine is on another machine: {address}", address=address),
        details=[
            _("The address comes from {where}.", where=_origin()),
            _("Airlock must run on the engine's machine, because it copies files that containers use."),
        ],
        hint=_(
            "Log in to that machine and run the command there. To use the engine of this machine: "
            "unset DOCKER_HOST; docker context use default"
        ),
    )


def _only_by_ssh(address: str) -> Refused:
    return Refused(
        _("The Docker engine cannot be reached by SSH: {address}", address=address),
        details=[_("Airlock connects to sockets and TCP ports only.")],
        hint=_(
            "Forward its socket, then run the command again: {command}",
            command=f"ssh -fnNT -L /tmp/docker.sock:/var/run/docker.sock {address} && "
            "export DOCKER_HOST=unix:///tmp/docker.sock",
        ),
    )
