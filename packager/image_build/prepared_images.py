"""Finds every image of a plan: in an image layout or the engine, where it is built or pulled if needed."""

from collections.abc import Mapping
from dataclasses import dataclass

from installer.bundle.images.image_references import split_reference
from installer.errors import Refused
from installer.screen.console import Console
from installer.system.docker.docker import Engine, StoredImage
from installer.system.process.process import show
from installer.text import _
from packager.image_build.build import build
from packager.layouts.laid_image import LaidImage
from packager.plan.export_plan import ExportPlan, PlannedImage


@dataclass(frozen=True)
class PreparedImage:
    """An image of the plan in the engine, or `laid` in an image layout."""

    reference: str
    stored: StoredImage
    laid: LaidImage | None = None

    @property
    def platform(self) -> str:
        """Returns the platform it runs on, such as "linux/amd64"."""
        return self.stored.platform


def prepare_images(plan: ExportPlan, engine: Engine, console: Console) -> tuple[PreparedImage, ...]:
    """Finds, builds or pulls every image of the plan. Raises `Refused`, naming image and service."""
    platform = plan.platform or engine.version().platform
    laid = _laid(plan, platform)  # a layout that cannot be used is refused before a long build
    if any(image.origin == "built" for image in plan.images):
        build(plan, console)
    stored = {
        image: laid[image].stored if image in laid else _stored(image, engine, plan.platform, console)
        for image in plan.images
    }
    _refuse_another_platform(stored, platform)
    return tuple(PreparedImage(image.reference, found, laid.get(image)) for image, found in stored.items())


def _laid(plan: ExportPlan, platform: str) -> dict[PlannedImage, LaidImage]:
    """Returns the images that come from the layout."""
    return {
        image: plan.layout.image(image.reference, split_reference(image.asked_as).digest, platform)
        for image in plan.images
        if plan.layout is not None and image.origin == "layout"
    }


def _refuse_another_platform(stored: Mapping[PlannedImage, StoredImage], platform: str) -> None:
    problems = [
        _(
            "{image} ({services}) is for {found}",
            image=image.reference,
            services=", ".join(image.services),
            found=found.platform,
        )
        for image, found in stored.items()
        if found.platform.split("/")[:2] != platform.split("/")[:2]
    ]
    if problems:
        raise Refused(
            _("Not all images are for {platform}.", platform=platform),
            details=problems,
            hint=_("Build and pull all images for one platform: airlock export --platform {platform}",
                   platform=platform),
        )  # fmt: skip


def _stored(image: PlannedImage, engine: Engine, platform: str | None, console: Console) -> StoredImage:
    found = engine.image(image.asked_as)
    if found is None and image.origin == "pulled":
        console.say(_("Pulling {image}", image=image.asked_as))
        for_platform = ("--platform", platform) if platform else ()
        show(("docker", "pull", *for_platform, image.asked_as))
        found = engine.image(image.asked_as)
    if found is None:
        raise Refused(
            _("The image {image} is not in the engine and could not be pulled.", image=image.asked_as),
            details=[_("Used by the services: {services}", services=", ".join(image.services))],
            hint=_("Load the image into this engine, or connect to its registry and run: docker pull {image}",
                   image=image.asked_as),
        )  # fmt: skip
    return found
