"""Checks single values, such as a version or a digest. Each rule returns the end of a sentence, or None."""

import re

from installer.bundle.layout import path_problem
from installer.bundle.manifest.versions import NotAVersion, parse_constraint, read_version
from installer.text import _

_REFERENCE = re.compile(
    r"([A-Za-z0-9]+([.-]+[A-Za-z0-9]+)*(:[0-9]+)?/)?"  # a registry's host
    r"[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*)*"
    r":[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
)


def name_problem(text: str) -> str | None:
    """Checks an application's name, which becomes part of file names."""
    return _unless(r"[A-Za-z0-9][A-Za-z0-9 ._-]*", text, _("must be letters, digits, space, . _ -"))


def project_problem(text: str) -> str | None:
    """Checks a project name by Compose's own rule."""
    return _unless(r"[a-z0-9][a-z0-9_-]*", text, _("must be lower-case letters, digits, _ -"))


def engine_problem(text: str) -> str | None:
    """Checks the name of a kind of database server."""
    return _unless(r"[a-z][a-z0-9]*", text, _("must be lower-case letters and digits"))


def version_problem(text: str) -> str | None:
    """Checks that a version can be compared."""
    return None if read_version(text) else _("must be a version like 2.1.2")


def range_problem(text: str) -> str | None:
    """Checks a range of versions."""
    try:
        parse_constraint(text)
    except NotAVersion:
        return _("must be a range of versions like >=2.0.0,<3")
    return None


def revision_problem(text: str) -> str | None:
    """Checks a Git object name, SHA-1 or SHA-256."""
    return _unless(r"[0-9a-f]{40}([0-9a-f]{24})?", text, _("must be 40 or 64 hexadecimal digits"))


def time_problem(text: str) -> str | None:
    """Checks a time in UTC."""
    return _unless(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|\+00:00)", text, _("must be a time like 2025-01-31T23:59:59Z")
    )


def platform_problem(text: str) -> str | None:
    """Checks an operating system and an architecture as Docker writes them."""
    return _unless(r"linux/[a-z0-9]+(/v[0-9]+)?", text, _("must be a platform like linux/amd64"))


def reference_problem(text: str) -> str | None:
    """Checks an image name with a tag; a digest does not survive `docker load`."""
    return None if _REFERENCE.fullmatch(text) else _("must be an image name with a tag")


def digest_problem(text: str) -> str | None:
    """Checks a digest as Docker writes it."""
    return _unless(r"sha256:[0-9a-f]{64}", text, _("must be sha256: and 64 hexadecimal digits"))


def sha256_problem(text: str) -> str | None:
    """Checks a digest as sha256sum writes it."""
    return _unless(r"[0-9a-f]{64}", text, _("must be 64 hexadecimal digits"))


def mode_problem(text: str) -> str | None:
    """Checks the mode of a file, which has two allowed values."""
    return None if text in ("0644", "0755") else _("must be 0644 or 0755")


def url_problem(text: str) -> str | None:
    """Checks a URL, which may contain variables of `.env`."""
    return _unless(r"https?://\S+", text, _("must be a URL with http:// or https://"))


def folder_problem(text: str) -> str | None:
    """Checks the name of a single folder."""
    return _("must be one name, without /") if "/" in text else path_problem(text)


def _unless(pattern: str, text: str, problem: str) -> str | None:
    return None if re.fullmatch(pattern, text, re.ASCII) else problem
