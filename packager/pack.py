"""Exports a release: build, save, pin, pack. Each step stands in a file of its own name."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from installer.bundle.checksums import dump_sums
from installer.bundle.manifest import Image, Layer
from installer.console import Console, size
from installer.errors import Refused
from installer.system.compose import compose_version
from installer.system.docker import Engine, StoredImage
from installer.system.files import write_atomically
from installer.text import _
from packager.build import prepare_images
from packager.contents import package_contents
from packager.describe import REQUIREMENTS, describe_package
from packager.images import WantedImage, write_images
from packager.package_file import PACKAGE_MODE, Sink, write_package
from packager.plan import ExportPlan
from packager.runtime_libraries import runtime_libraries

STEPS = 3
SHA256_ENDING = ".sha256"
UNKNOWN_DIGEST = f"sha256:{'f' * 64}"


def export(plan: ExportPlan, console: Console, *, previous: str | None = None) -> Path:
    """Make the package of `plan`; its SHA-256 stands beside it. Returns the package's path.

    `previous` is the version of the release before, for MIGRATIONS.md. Whatever is raised, no partial
    package stays.
    """
    engine = Engine.connect()
    compose_version()
    libraries = runtime_libraries()
    with console.step(1, STEPS, _("Build and collect images")) as outcome:
        images = prepare_images(plan, engine, console)
        stored = {image: _expect(engine.image(image.saved_as), image) for image in images}
        platform = next(iter(stored.values())).platform
        outcome(", ".join(image.reference for image in images))
    with console.step(2, STEPS, _("Write configuration, guides and installer")) as outcome:
        files = package_contents(
            plan, libraries, platform=platform, requirements=REQUIREMENTS, previous=previous
        )
        outcome(", ".join(file.path for file in files if "/" not in file.path))
    with console.step(3, STEPS, _("Save images and pack")) as outcome:
        plan.package.parent.mkdir(parents=True, exist_ok=True)
        sha256 = write_package(
            plan.package,
            plan.stem,
            files,
            _expected_images(stored),
            partial(_save, engine, list(images), plan.package.parent, _total_bytes(stored), console),
            partial(describe_package, plan, platform, libraries),
            console,
        )
        outcome(f"{plan.package.name}, {size(plan.package.stat().st_size)}")
    sidecar = plan.package.with_name(plan.package.name + SHA256_ENDING)
    write_atomically(sidecar, dump_sums({plan.package.name: sha256}), mode=PACKAGE_MODE)
    console.say(f"SHA-256 {sha256}")
    return plan.package


def _save(
    engine: Engine,
    images: Sequence[WantedImage],
    spool: Path,
    total_bytes: int,
    console: Console,
    sink: Sink,
) -> tuple[Image, ...]:
    with (
        console.progress(_("Saving"), total_bytes) as advance,
        engine.save(sorted({image.saved_as for image in images})) as stream,
    ):
        return write_images(stream, images, sink, spool, advance)


def _expect(stored: StoredImage | None, image: WantedImage) -> StoredImage:
    if stored is None:
        raise Refused(_("The image {image} went away meanwhile.", image=image.saved_as))
    return stored


def _expected_images(stored: dict[WantedImage, StoredImage]) -> tuple[Image, ...]:
    """Images as large in the manifest as the real ones will be."""
    return tuple(
        Image(
            wanted.reference,
            UNKNOWN_DIGEST,
            found.platform + "/v8",
            tuple(Layer(diff_id, 10**15) for diff_id in found.diff_ids),
        )
        for wanted, found in stored.items()
    )


def _total_bytes(stored: dict[WantedImage, StoredImage]) -> int:
    return sum({found.id: found.size_bytes for found in stored.values()}.values())
