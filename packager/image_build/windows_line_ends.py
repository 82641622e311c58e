"""Finds scripts with Windows line ends in a release and its images: Linux cannot start them.

It looks for the interpreter `sh` followed by a carriage return, and only says "no such file or directory".
"""

from collections.abc import Iterator
from pathlib import Path

from installer.bundle.layout import is_inside, shown
from installer.text import _
from packager.git.checkout import SHEBANG
from packager.image_build.build_contexts import build_contexts
from packager.project.mounts import project_path
from packager.project.project import Project

SHOWN_FILES = 5
LONGEST_LINE_BYTES = 256


def windows_line_ends(project: Project) -> Iterator[str]:
    """Yields a warning that names the scripts that would be packed or copied into an image."""
    packed = {path for path in project.files.shipped if not project.checkout.is_converted(path)}
    contexts = [project_path(context) or "" for context in build_contexts(project)]
    copied = {path for path in project.checkout.modes if "." in contexts or is_inside(path, contexts)}
    files = [path for path in sorted(packed | copied) if _has_windows_start(project.directory / path)]
    if files:
        more = ", …" if len(files) > SHOWN_FILES else ""
        yield _(
            "Linux cannot start scripts with Windows line ends (CRLF): {files}. Add the line `*.sh text "
            "eol=lf` to .gitattributes, commit it, delete these files and run: git checkout -- .",
            files=", ".join(map(shown, files[:SHOWN_FILES])) + more,
        )


def _has_windows_start(file: Path) -> bool:
    """Returns whether the file names its interpreter in a first line that ends with CRLF."""
    try:
        with file.open("rb") as content:
            line = content.readline(LONGEST_LINE_BYTES)
    except OSError:  # deleted, or a link to a folder
        return False
    return line.startswith(SHEBANG) and line.endswith(b"\r\n")
