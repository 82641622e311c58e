"""Checks whether the site's own override file fits the new release."""

from collections.abc import Iterator, Sequence

from installer.operations.preflight.findings.finding import Finding, failed, warning
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.text import _


def check_override(around: Surroundings) -> Iterator[Finding]:
    """Checks the images of its services: none can be downloaded. Finds nothing if no override is kept."""
    situation = around.situation
    if situation.plan.overrides:
        ours = {image.reference for image in situation.manifest.images}
        services = situation.model.services.values()
        foreign = sorted({(one.name, one.image) for one in services if one.image not in ours})
        missing = [one for one in foreign if around.engine.image(one[1]) is None]
        yield from judge_override(missing, [one for one in foreign if one not in missing])


def judge_override(
    missing: Sequence[tuple[str, str]], foreign: Sequence[tuple[str, str]]
) -> Iterator[Finding]:
    """Judges services with an image that is not the release's: missing here, or present."""
    if missing:
        yield failed(
            _("With this site's override, services need images that are missing here."),
            [f"{service}: {image or '?'}" for service, image in missing],
            hint=_("Load them, correct the override, or leave it out: --override drop"),
        )
    if foreign:
        yield warning(
            _("With this site's override, services run images that the release does not bring."),
            [f"{service}: {image}" for service, image in foreign],
            hint=_("If this is not intended, remove `image:` from the override."),
        )
