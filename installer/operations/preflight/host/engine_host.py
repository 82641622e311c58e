"""Checks that the engine runs on this machine, as root, and reaches the release's files."""

import os
from collections.abc import Iterator
from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, failed, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.system.docker.recognition.engine_kind import EngineKind
from installer.text import _


def check_engine_host(around: Surroundings) -> Iterator[Finding]:
    """Finds what sets the engine apart from a usual one; nothing if it is one."""
    yield from judge_engine_host(around.engine.kind(), around.situation.plan.release, os.uname().release)


def judge_engine_host(kind: EngineKind, release: Path, kernel: str) -> Iterator[Finding]:
    """Judges an engine that is to serve the `release` directory on a machine with this kernel release."""
    if kind.kernel != kernel:
        yield _elsewhere(kind.kernel, kernel)
    if kind.is_rootless:
        yield _rootless()
    elif kind.shifts_owners:
        yield _shifted_owners()
    if kind.is_snap:
        yield _within_home() if snap_sees(release) else _outside_home(release)


def snap_sees(path: Path) -> bool:
    """Returns whether Docker from snap can reach a path: it sees folders in /home, but no hidden ones there.

    https://snapcraft.io/docs/home-interface
    """
    match path.resolve().parts:
        case ("/", "home", _name, folder, *_folders):
            return not folder.startswith(".")
    return False


def _elsewhere(theirs: str, ours: str) -> Finding:
    return failed(
        _("The Docker engine runs on another machine, or in a virtual machine on this one."),
        [
            _("Kernel of the engine: {theirs}; of this machine: {ours}", theirs=theirs, ours=ours),
            _("Airlock must run on the engine's machine, because it copies files that containers use."),
        ],
        hint=_(
            "Log in to that machine and run the command there. To use the engine of this machine: "
            "unset DOCKER_HOST; docker context use default"
        ),
    )


def _rootless() -> Finding:
    return failed(
        _("The Docker engine runs without root (rootless)."),
        [
            _("It changes the owners of files that containers use, and cannot open ports below 1024."),
            _("Airlock could not carry over data or bring it back with its owners."),
        ],
        hint=_("Use an engine that runs as root: unset DOCKER_HOST; docker context use default"),
    )


def _shifted_owners() -> Finding:
    return warning(
        _("The Docker engine maps the users of containers to other users of this machine (userns-remap)."),
        [_("Containers read only files that these users may read.")],
        hint=_("Check that they may read the files of the release, or ask the vendor."),
    )


def _outside_home(release: Path) -> Finding:
    return failed(
        _("Docker was installed from snap, which does not see this directory."),
        [str(release), _("It sees only folders below /home, and no hidden ones.")],
        hint=_("Move the directory below /home, or install Docker from its own packages."),
    )


def _within_home() -> Finding:
    return warning(
        _("Docker was installed from snap, which sees only some folders."),
        [_("Files that services mount must be below /home.")],
    )
