"""Marks of tests that make disks: what they need of this machine."""

import os
from pathlib import Path

import pytest

PLACES = (Path("/dev/fuse"), Path("/dev/loop-control"))

needs_disks = pytest.mark.skipif(
    os.geteuid() != 0 or not all(place.exists() for place in PLACES),
    reason="needs root with FUSE and loop devices",
)

kinds_of_disks = pytest.mark.parametrize(
    "kind",
    [
        "ext4",
        pytest.param(
            "xfs",
            marks=[
                pytest.mark.long,
                pytest.mark.skipif(
                    "\txfs\n" not in Path("/proc/filesystems").read_text(), reason="this kernel has no XFS"
                ),
            ],
        ),
    ],
)
