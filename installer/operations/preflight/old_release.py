"""Would the old release come back as it runs now?"""

from collections.abc import Iterator, Mapping, Sequence

from installer.operations.preflight.finding import Finding, ok, warning
from installer.operations.preflight.surroundings import Surroundings
from installer.system.docker import Container
from installer.text import _


def check_old_release(around: Surroundings) -> Iterator[Finding]:
    """The old compose files against what the containers were made of."""
    installation = around.situation.installation
    if installation is not None:
        made_of = hashes_by(around.compose_version, installation.containers)
        yield from judge_old_release(installation.compose.config_hashes(), made_of)


def hashes_by(compose_version: str, containers: Sequence[Container]) -> dict[str, str]:
    """Service → digest of its configuration, of running containers made by this version of Compose.

    Another version may compute another digest of the same configuration, so that it proves nothing.
    """
    return {
        one.service: one.config_hash
        for one in containers
        if one.service and one.config_hash and one.is_running and not one.is_one_off
        if one.compose_version is not None and compose_version.startswith(one.compose_version)
    }


def judge_old_release(files_say: Mapping[str, str], made_of: Mapping[str, str]) -> Iterator[Finding]:
    """Which services the files describe otherwise than they run."""
    edited = sorted(name for name, digest in made_of.items() if files_say.get(name) != digest)
    if edited:
        yield warning(
            _("The old release's compose file or .env was edited after these services had been started."),
            edited,
            hint=_("Going back would start them as the files say now. Compare: docker compose config"),
        )
    elif made_of:
        yield ok(_("The old release runs as its files say"))
