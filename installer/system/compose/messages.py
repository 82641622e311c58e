"""Translates error messages of Compose and the engine into errors.

The messages are the only information they give, so each pattern here has a test against the real program.
"""

import re
import shlex
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from installer.errors import AirlockError, Refused
from installer.system.process.process import Completed, ToolFailed
from installer.text import _


class ComposeProblem(Refused):
    """Compose refused, for a reason that the operator can fix."""


class Unfinished(ComposeProblem):
    """Compose was stopped at a timeout."""


class NotReady(ComposeProblem):
    """Compose gave up because of the `culprit`, the name of a container or service."""

    def __init__(self, happened: str, *, culprit: str, details: Sequence[str] = (), hint: str = "") -> None:
        super().__init__(happened, details=details, hint=hint)
        self.culprit = culprit


class JobFailed(NotReady):
    """A service failed that must succeed before others start."""


def unfinished_problem(command: Sequence[str], late: subprocess.TimeoutExpired) -> Unfinished:
    """Returns the error for a command that was stopped at a timeout."""
    written = late.stderr.decode("utf-8", "replace") if isinstance(late.stderr, bytes) else ""
    return Unfinished(
        _("Compose did not finish within {seconds} seconds.", seconds=int(late.timeout)),
        details=[shlex.join(command), *(line.strip() for line in written.strip().splitlines()[-5:])],
        hint=_("Check the containers: docker ps --all"),
    )


def translate(done: Completed, settings: Path) -> AirlockError:
    """Returns the error for a failed Compose command; `ToolFailed` with its output if that is unknown.

    `settings` is the project's settings file.
    """
    if found := re.search(r".*cannot assign requested address", done.stderr):
        return _no_such_address(found, settings)
    for pattern, problem in KNOWN:
        found = re.search(pattern, done.stderr, re.MULTILINE)
        if found:
            return problem(found)
    return ToolFailed(done)


def _name_taken(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("The container name {name} is taken by another container.", name=found[1]),
        details=[_("It has the ID {id}.", id=found[2][:12])],
        hint=_("Inspect it: docker inspect {name}", name=found[1]),
    )


def _port_taken_by_container(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("Port {port} is taken by another container.", port=found[2]),
        details=[found[0]],
        hint=_("Find it: docker ps --filter publish={port}", port=found[2]),
    )


def _port_taken_by_process(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("Port {port} is taken by another program of this machine.", port=found[1]),
        details=[found[0]],
        hint=_("Find it: sudo ss -tulpn 'sport = :{port}'", port=found[1]),
    )


def _no_such_address(found: re.Match[str], settings: Path) -> ComposeProblem:
    return ComposeProblem(
        _("A port is published on an address that this machine does not have."),
        details=[found[0]],
        hint=_("Compare the addresses in {path} with: ip address", path=settings),
    )


def _image_missing(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("The image {image} is not on this machine.", image=found[1]),
        hint=_load_by_hand(),
    )


def _registry_wanted(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("Compose tried to pull an image, but cannot reach a registry."),
        details=[found[0].strip()],
        hint=_load_by_hand(),
    )


def _load_by_hand() -> str:
    return _(
        "Load the images: docker load -i images.tar; if that file is only in the package:"
        " tar -xOf PACKAGE --wildcards '*/images.tar' | docker load"
    )


def _dependency_failed(found: re.Match[str]) -> NotReady:
    return NotReady(
        _("Container {name} is not ready, and other services depend on it.", name=found[1]),
        culprit=found[1],
        details=[found[0]],
        hint=_("Read its log: docker logs --tail 50 {name}", name=found[1]),
    )


def _job_failed(found: re.Match[str]) -> JobFailed:
    return JobFailed(
        _("Service {name} failed, and other services depend on it.", name=found[1]),
        culprit=found[1],
        details=[found[0]],
        hint=_("Read its log: docker compose logs --tail 50 {name}", name=found[1]),
    )


def _disk_full(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("The disk is full."), details=[found[0].strip()], hint=_("Make room; to see the free space: df -h")
    )


def _folder_for_file(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("A service mounts a file, but its path is a folder on this machine, or vice versa."),
        details=[found[0].strip()],
        hint=_("Delete the empty folder that Docker created, add the file, and run the command again."),
    )


def _source_missing(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("A service mounts a file or folder that is missing: {path}", path=found[1]),
        details=[_("Without it, the service would start without its data.")],
        hint=_(
            "Put it back, or start the release in the directory that contains it. "
            "Only if it may start empty, run: sudo mkdir -p {path}",
            path=shlex.quote(found[1]),
        ),
    )


def _no_file(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("A file that Compose requires is missing: {file}", file=found[1]),
        hint=_("Put it there, then run the command again."),
    )


def _bad_settings(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("Compose cannot read the settings file {file}.", file=found[1]),
        details=re.findall(r"line \d+", found[2])[:1],  # the rest quotes values, which may be passwords
        hint=_("Each line must be NAME=value. Fix the file, then run the command again."),
    )


def _bad_compose_file(found: re.Match[str]) -> ComposeProblem:
    return ComposeProblem(
        _("The compose file is not valid."),
        details=[line.strip() for line in found[0].splitlines()],
        hint=_("Fix it, then check the result: docker compose config"),
    )


def no_compose(stderr: str) -> ComposeProblem:
    """Returns the error for a `docker` command without `compose`."""
    return ComposeProblem(
        _("Docker Compose v2 is not installed on this machine."),
        details=stderr.strip().splitlines()[:1],
        hint=_(
            "Install the package docker-compose-plugin or docker-compose-v2, then: docker compose version"
        ),
    )


Problem = Callable[[re.Match[str]], ComposeProblem]
KNOWN: tuple[tuple[str, Problem], ...] = (
    (r"(?s)unknown flag: --ansi.*", lambda found: no_compose(found[0])),  # parsed by `docker`
    (r'The container name "/?([^"]+)" is already in use by container "?(\w+)', _name_taken),
    (r"Bind for (\S+):(\d+) failed: port is already allocated", _port_taken_by_container),
    (r"host port (?:for )?\S*?:(\d+)[:/]\S* address already in use", _port_taken_by_process),
    (r"\S*:(\d+): (?:bind: )?address already in use", _port_taken_by_process),
    (r"[Nn]o such image: (\S+)", _image_missing),
    (r".*(?:dial tcp: lookup|pull access denied|failed to resolve reference).*", _registry_wanted),
    (r"dependency failed to start: container (\S+) .*", _dependency_failed),
    (r'service "(\S+)" didn\'t complete successfully: .*', _job_failed),
    (r".*no space left on device.*", _disk_full),
    (r"bind source path does not exist: (/.*\S)", _source_missing),
    (r".*Are you trying to mount a directory onto a file.*", _folder_for_file),
    (r"(?:^open|: open|^stat|env file) (/\S.*?)(?: not found)?: .*no such file or directory", _no_file),
    (r"(?i)(?:couldn't find env file: |env file )(\S+)(?: not found)?", _no_file),
    (r"failed to read (\S+): (.*)", _bad_settings),
    (r"(?s)(?:yaml: |validating |invalid interpolation format ).*", _bad_compose_file),
    (r".*invalid (?:compose project|project name).*", _bad_compose_file),
)
