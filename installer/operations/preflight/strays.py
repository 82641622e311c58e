"""Does anything of the application run that its compose file does not name? Nothing could start it again."""

from collections.abc import Collection, Iterator, Sequence

from installer.operations.preflight.finding import Finding, failed
from installer.operations.preflight.surroundings import Surroundings
from installer.system.docker import Container
from installer.text import _


def check_strays(around: Surroundings) -> Iterator[Finding]:
    """The old release's containers against its compose file."""
    installation = around.situation.installation
    if installation is not None:
        up = [one for one in installation.containers if one.is_up]
        yield from judge_orphans(orphans_among(up, installation.model.services))
        yield from judge_one_offs([one.name for one in up if one.is_one_off])


def orphans_among(containers: Sequence[Container], services: Collection[str]) -> list[str]:
    """Names of containers whose service was taken out of the file, or is in a profile that is not active."""
    return [one.name for one in containers if not one.is_one_off and one.service not in services]


def judge_orphans(names: Sequence[str]) -> Iterator[Finding]:
    """A running container that the file does not name cannot be stopped and started with the release."""
    if names:
        yield failed(
            _("Containers run that the old release's compose file does not name, or only in a profile."),
            names,
            hint=_("If they are not needed any more: docker rm --force {names}", names=" ".join(names)),
        )


def judge_one_offs(names: Sequence[str]) -> Iterator[Finding]:
    """A command in a container of its own would go on while the backup is made, and then be killed."""
    if names:
        yield failed(
            _("A command started with `docker compose run` has not ended yet."),
            names,
            hint=_("Wait for it, or end it: docker rm --force {names}", names=" ".join(names)),
        )
