"""Defines the paths of a package's files and the rules for names. FORMAT.md is the specification."""

import re
import unicodedata
from collections.abc import Iterable

from installer.text import _

FORMAT = 3
USUAL_FORMAT = 2  # of every package but a delta that leaves out files
FIRST_FORMAT = 1

MANIFEST = "manifest.json"
SIGNATURE = "manifest.json.sig"
SUMS = "SHA256SUMS"
IMAGES = "images.tar"
INSTALLER = "installer.pyz"
LAUNCHER = "import-package.sh"
TOOL = "airlock"
RUNTIME = "runtime"  # the package's own Python
RUNTIME_PYTHON = f"{RUNTIME}/bin/python3"
PYTHON = "Python"  # its name among the libraries
RUNTIME_LOADERS = {  # the program that starts it, for each architecture that is known here
    "amd64": f"{RUNTIME}/lib/ld-linux-x86-64.so.2",
    "arm64": f"{RUNTIME}/lib/ld-linux-aarch64.so.1",
}
ENV = ".env"  # the site's own, never in a package
ENV_EXAMPLE = ".env.example"
MIGRATIONS = "prisma/migrations"
SCHEMA = "prisma/schema.prisma"

SELF_DESCRIBING = (MANIFEST, SIGNATURE, SUMS)
REQUIRED = (INSTALLER, LAUNCHER, TOOL)
SITE_OWNED = (ENV, ".airlock", "backups")
UNFINISHED_COPY = ".{name}.airlock-partial"  # of a file or folder that is being copied to a release directory

LONGEST_NAME_BYTES = 255
LONGEST_PATH_BYTES = 1024


def package_stem(name: str, version: str) -> str:
    """Returns the package's root folder, which is its file name without `.tar.gz`: `my_app_2.1.2_package`."""
    return f"{re.sub('[^a-z0-9]', '_', name.lower())}_{version}_package"


def is_unfinished_copy(name: str) -> bool:
    """Returns whether a killed copy left a file or folder of this name."""
    begin, end = UNFINISHED_COPY.split("{name}")
    return name.startswith(begin) and name.endswith(end)


def path_problem(path: str) -> str | None:
    """Returns why `path` is not allowed inside a package, or None if it is.

    Every relative path of printable characters is allowed, also with quotes, spaces or `$(…)`.
    """
    parts = path.split("/")
    if not path:
        return _("is empty")
    if path.startswith("/"):
        return _("is absolute")
    if ".." in parts:
        return _("leaves the directory through `..`")
    if "" in parts or "." in parts:
        return _("has an empty or `.` part")
    if not path.isprintable():
        return _("contains unprintable characters")
    if max(len(part.encode()) for part in parts) > LONGEST_NAME_BYTES:
        return _("has a part that is longer than {limit} bytes", limit=LONGEST_NAME_BYTES)
    if len(path.encode()) > LONGEST_PATH_BYTES:
        return _("is longer than {limit} bytes", limit=LONGEST_PATH_BYTES)
    return None


def folded(path: str) -> str:
    """Returns `path` as a filesystem that ignores case and Unicode composition sees it."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def is_inside(path: str, folders: Iterable[str]) -> bool:
    """Returns whether `path` is one of `folders` or inside one of them."""
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def parents(path: str) -> tuple[str, ...]:
    """Returns the folders above `path`, outermost first: `a/b/c` has `a` and `a/b`."""
    parts = path.split("/")
    return tuple("/".join(parts[:count]) for count in range(1, len(parts)))


def shown(text: str) -> str:
    """Returns `text` with unprintable characters escaped, so that it cannot forge output."""
    return "".join(letter if letter.isprintable() else _escape(letter) for letter in text)


def _escape(letter: str) -> str:
    return letter.encode("unicode_escape").decode()
