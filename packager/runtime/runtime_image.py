"""Finds the image that a package's Python is taken from, in the engine or in its registry."""

from dataclasses import dataclass

from installer.bundle.images.image_references import is_reference
from installer.errors import Refused
from installer.screen.console import Console
from installer.system.docker.docker import Engine, StoredImage
from installer.system.process.process import show
from installer.text import _

DEFAULT_IMAGE = "python:3.11-slim-bookworm"
NONE = "none"


@dataclass(frozen=True)
class RuntimeImage:
    """The image by the name that was specified, and as the engine has it; `runs_here` on this machine."""

    reference: str
    stored: StoredImage
    runs_here: bool


def reference_problem(text: str) -> str | None:
    """Returns why this is neither an image reference nor `none`; None if it is one of them."""
    return None if is_reference(text) else _("must be an image such as {image}, or none", image=DEFAULT_IMAGE)


def find_runtime_image(
    reference: str, platform: str | None, engine: Engine, console: Console
) -> RuntimeImage:
    """Returns the image for the release's platform, None for the engine's own; pulls it if it is missing.

    Raises `Refused` if there is none for this platform.
    """
    here = engine.version().platform
    stored = engine.image(reference) or _pulled(reference, platform, engine, console)
    wanted = platform or here
    if stored is None:
        raise _missing(reference, platform)
    if not _is_for(stored.platform, wanted):
        raise Refused(
            _("The image {image} for the package's Python is for {found}, not for {platform}.",
              image=reference, found=stored.platform, platform=wanted),
            hint=_("Pull it for this platform: {command}", command=_pull_command(reference, wanted)),
        )  # fmt: skip
    return RuntimeImage(reference, stored, _is_for(stored.platform, here))


def _pulled(reference: str, platform: str | None, engine: Engine, console: Console) -> StoredImage | None:
    console.say(_("Pulling {image}", image=reference))
    show(tuple(_pull_command(reference, platform).split()))
    return engine.image(reference)


def _pull_command(reference: str, platform: str | None) -> str:
    return f"docker pull --platform {platform} {reference}" if platform else f"docker pull {reference}"


def _is_for(platform: str, wanted: str) -> bool:
    """Returns whether both are the same system and architecture, of any variant."""
    return platform.split("/")[:2] == wanted.split("/")[:2]


def _missing(reference: str, platform: str | None) -> Refused:
    return Refused(
        _("The image {image} for the package's Python is not in the engine and could not be pulled.",
          image=reference),
        details=[
            _("With a registry: {command}", command=_pull_command(reference, platform)),
            _("On a machine with a registry: docker save {image} > python.tar", image=reference),
            _("  then here: docker load --input python.tar"),
            _("With another image of Python 3.11 or newer: --runtime IMAGE"),
        ],
        hint=_("Where all sites have Python 3.10 or newer, export without it: --runtime none"),
    )  # fmt: skip
