"""Asks the old release's own smoke check, before anything changes and after a rollback."""

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.errors import AirlockError
from installer.operations.services.smoke import smoke_check
from installer.operations.services.smoke_url import smoke_url
from installer.system.compose.compose import Compose


def old_smoke_problem(old: Compose, *, deadline_seconds: float) -> str | None:
    """Returns why the release in the directory of `old` does not answer, "" if it does; None without a check.

    Asks at least once, and again until the deadline.
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
