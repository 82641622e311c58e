"""What exports and combinations leave in a project's folder: packages, parts, checksums, unpacked packages.

None of it is a change of the sources, a file to ship, or something for a build.
"""

import re
from pathlib import PurePosixPath

PACKAGE = re.compile(
    r"\.?[a-z0-9_]+_\d[^/]*_package(_since_[^/]+|_for_site)?(\.tar[^/]*|\.unpacking)?"
)  # hidden ones are being written


def is_own_output(path: str) -> bool:
    """Whether `path`, relative to the project, is one of these files or lies in one of these folders."""
    return any(PACKAGE.fullmatch(part) for part in PurePosixPath(path).parts)
