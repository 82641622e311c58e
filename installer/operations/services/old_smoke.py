"""Does the old release answer its own smoke check? Asked before anything changes, and when it is back."""

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest import parse_manifest
from installer.errors import AirlockError
from installer.operations.services.smoke import smoke_check
from installer.operations.services.smoke_url import smoke_url
from installer.system.compose.compose import Compose


def old_smoke_problem(old: Compose, *, deadline_seconds: float) -> str | None:
    """Why the release in the directory of `old` does not answer, "" when it does; None without a check.

    It is asked once at least, and again until the deadline.
    """
    manifest = old.directory / MANIFEST
    if not manifest.is_file():
        return None
    try:
        release = parse_manifest(manifest.read_bytes())
        if release.smoke is None:
            return None
        url = smoke_url(release.smoke.url, old)
        smoke_check(release.smoke, url, release.application.version, deadline_seconds=deadline_seconds)
    except AirlockError as problem:
        return " ".join((problem.happened, *problem.details))
    return ""
