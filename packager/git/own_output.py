"""Recognizes what exports and combinations leave in a project: packages, parts, checksums, unpacked packages.

These files are not changes of the sources, not files to pack, and not part of a build context.
"""

import re
from pathlib import PurePosixPath

PACKAGE = re.compile(
    r"\.?[a-z0-9_]+_\d[^/]*_package(_since_[^/]+|_for_site)?(\.tar[^/]*|\.unpacking)?"
)  # hidden ones are still being written


def is_own_output(path: str) -> bool:
    """Returns whether `path`, relative to the project, is one of these files or inside such a folder."""
    return any(PACKAGE.fullmatch(part) for part in PurePosixPath(path).parts)
