"""Exports a release: build, save, pin, pack. Each step has its own module."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from installer.bundle.manifest.manifest import Base, File, Image, Manifest
from installer.screen.console import Console, size
from installer.system.docker.docker import Engine
from installer.text import _
from packager.compression.codecs import codec_of
from packager.contents.make_manifest import describe_package, requirements_of
from packager.contents.runtime_libraries import Library, runtime_libraries
from packager.contents.small_files import package_contents
from packager.contents.zipapp import zipapp_files
from packager.deltas.export_base import base_of, with_left_out_files
from packager.disk.read_back import WrittenFile
from packager.file.expected_image import expected_image
from packager.file.package_file import PackedFile, write_package
from packager.image_build.prepared_images import PreparedImage, prepare_images
from packager.images.ask_engine import Asked
from packager.images.save_images import Saving, ask_for_images, save_images
from packager.layers.layer_cache import cache_warning, expect_cache
from packager.plan.export_plan import ExportPlan
from packager.runtime.cached_python import cached_python, python_key
from packager.runtime.own_python import OwnPython, own_python
from packager.runtime.runtime_image import RuntimeImage, find_runtime_image

STEPS = 3


def export(
    plan: ExportPlan, console: Console, *, previous: str | None = None, cache: Path | None = None
) -> None:
    """Makes the package of `plan`, in one file or in parts, and a file with their SHA-256 beside it.

    `previous` is the version of the previous release, for MIGRATIONS.md. `cache` is a folder of what was
    made for earlier packages. If an error is raised, no partial package remains.
    """
    if cache is not None:
        expect_cache(cache)
    engine = Engine.later(may_be_elsewhere=True)  # an image layout may have all images
    libraries = runtime_libraries()
    python_image = _python_image(plan, engine, console)
    images = _collect(plan, engine, console)
    base = _base(plan, images)
    with (
        ask_for_images(images, engine, codec_of(plan.output_format.compression), cache) as asked,
        _python(python_image, engine, libraries, cache, console) as python,
    ):
        _warn_of_slow_start(python, images[0].platform, console)
        base = _without_its_python(base, plan, python)
        left_out = base.files if base else ()
        files = _write_files(plan, libraries, python, left_out, images[0].platform, previous, console)
        version = python.version if python else None
        written = _pack(_Parts(plan, engine, libraries, version, images, asked, base, files), console)
    for file in written:
        console.say(f"SHA-256 {file.sha256}  {file.name}")


@dataclass(frozen=True)
class _Parts:
    """Everything that goes into a package."""

    plan: ExportPlan
    engine: Engine
    libraries: tuple[Library, ...]
    python_version: str | None
    images: tuple[PreparedImage, ...]
    asked: Asked
    base: Base | None
    files: tuple[PackedFile, ...]

    def describe(self, files: tuple[File, ...], images: tuple[Image, ...]) -> Manifest:
        """Returns the manifest of the package with these files and images."""
        platform = self.images[0].platform
        return describe_package(
            self.plan, platform, self.libraries, self.python_version, self.base, files, images
        )

    @property
    def saving(self) -> Saving:
        """Returns what is needed to save the images."""
        leave_out = self.base.layers if self.base else ()
        return Saving(self.images, self.asked, self.plan.package.parent, leave_out)


def _collect(plan: ExportPlan, engine: Engine, console: Console) -> tuple[PreparedImage, ...]:
    with console.step(1, STEPS, _("Build and collect images")) as outcome:
        images = prepare_images(plan, engine, console)
        outcome(", ".join(image.reference for image in images))
    return images


def _base(plan: ExportPlan, images: tuple[PreparedImage, ...]) -> Base | None:
    if plan.since is None:
        return None
    return base_of(plan.since, plan.project.name, [image.stored for image in images])


def _without_its_python(base: Base | None, plan: ExportPlan, python: OwnPython | None) -> Base | None:
    """Returns the base with the files of `python`, if it has exactly the same."""
    if base is None or plan.since is None or python is None:
        return base
    return with_left_out_files(base, plan.since, [file.described() for file in python.files])


def _python_image(plan: ExportPlan, engine: Engine, console: Console) -> RuntimeImage | None:
    """Returns the image of the package's own Python, before a long build."""
    return find_runtime_image(plan.runtime, plan.platform, engine, console) if plan.runtime else None


def _python(
    image: RuntimeImage | None,
    engine: Engine,
    libraries: tuple[Library, ...],
    cache: Path | None,
    console: Console,
) -> AbstractContextManager[OwnPython | None]:
    if image is None:
        return nullcontext()
    installer = zipapp_files(libraries)
    make = partial(own_python, image, engine, installer)
    if cache is None:
        return make()
    key = python_key(image, installer)
    return cached_python(cache, key, make, lambda problem: console.warn(cache_warning(problem)))


def _warn_of_slow_start(python: OwnPython | None, platform: str, console: Console) -> None:
    if python and not python.bytecode:
        console.warn(
            _(
                "Python for {platform} cannot run here: the installer is not compiled, so it starts slowly.",
                platform=platform,
            )
        )


def _write_files(
    plan: ExportPlan,
    libraries: tuple[Library, ...],
    python: OwnPython | None,
    left_out: tuple[str, ...],
    platform: str,
    previous: str | None,
    console: Console,
) -> tuple[PackedFile, ...]:
    with console.step(2, STEPS, _("Write configuration, guides and installer")) as outcome:
        files = package_contents(
            plan,
            libraries,
            platform=platform,
            requirements=requirements_of(plan.project),
            previous=previous,
            python=python,
            left_out=left_out,
        )
        outcome(", ".join(file.path for file in files if "/" not in file.path))
    return files


def _pack(parts: _Parts, console: Console) -> tuple[WrittenFile, ...]:
    package = parts.plan.package
    with console.step(3, STEPS, _("Save images and pack")) as outcome:
        package.parent.mkdir(parents=True, exist_ok=True)
        written = write_package(
            package,
            parts.plan.stem,
            parts.files,
            tuple(map(_expected, parts.images)),
            partial(save_images, parts.saving, parts.engine, console),
            parts.describe,
            console,
            parts.plan.output_format,
        )
        outcome(f"{package.name}, {size(sum(file.size_bytes for file in written))}")
    return written


def _expected(image: PreparedImage) -> Image:
    return expected_image(image.reference, image.platform, image.stored.diff_ids)
