"""Checks this machine's requirements before the test bed does anything."""

import os
import shutil
import sys

from testbed.command import succeeds
from testbed.problem import TestbedProblem

PROGRAMS = {
    "apt-get": "apt",
    "dpkg-deb": "dpkg",
    "tar": "tar",
    "gzip": "gzip",
    "unshare": "util-linux",
    "nsenter": "util-linux",
}


def require_machine() -> None:
    """Raises TestbedProblem with everything that is missing: Linux, root, Debian's tools, namespaces."""
    if sys.platform != "linux":
        raise TestbedProblem("The test bed runs on Linux only.")
    if os.geteuid() != 0:
        raise TestbedProblem(
            "The test bed starts private Docker engines, which requires root.", "Run it with sudo or as root."
        )
    _require_programs()
    _require_namespaces()


def _require_programs() -> None:
    missing = sorted({package for program, package in PROGRAMS.items() if not shutil.which(program)})
    if missing:
        raise TestbedProblem(
            f"This machine lacks programs that every Debian has: {', '.join(missing)}.",
            f"apt-get install {' '.join(missing)}",
        )


def _require_namespaces() -> None:
    if not succeeds("unshare", "--net", "--mount", "--propagation", "slave", "true"):
        raise TestbedProblem(
            "Root cannot create network and mount namespaces here.",
            "In a container, grant CAP_SYS_ADMIN and CAP_NET_ADMIN. Otherwise use a virtual machine.",
        )
