"""Makes one whole package from a whole package and deltas. Reads every package once and unpacks nothing."""

import hashlib
import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry
from installer.bundle.images.docker_archive import metadata
from installer.bundle.layout import FORMAT, SELF_DESCRIBING, package_stem
from installer.bundle.manifest.manifest import File, Image, Manifest
from installer.bundle.package_stream import Member
from installer.errors import BadPackage, UsageProblem
from installer.screen.console import Advance, Console, size
from installer.system.files.temporary import temporary_folder
from installer.system.reading.package_reader import find_package, open_package
from installer.text import _
from packager.combine.combination import Ingredient, plan_combination
from packager.combine.package_layers import PackageLayers, PassingLayer
from packager.combine.whole_document import is_guide, whole_document
from packager.compression.codec import Compression
from packager.compression.codecs import ENDINGS
from packager.compression.output_format import DEFAULT_OUTPUT_FORMAT, OutputFormat
from packager.deltas.export_base import delta_stem
from packager.file.expected_image import expected_image
from packager.file.package_file import PackedFile, write_package
from packager.layers.images_sink import ImagesSink
from packager.layers.layer_entry import LayerWriter


def combine(places: Sequence[Path], output: Path, console: Console, *, part_bytes: int | None = None) -> Path:
    """Writes the whole package of the last of `places` into the folder `output`; returns its (first) file.

    Raises `Refused` if the packages do not build on each other, `BadPackage` for a damaged one. If an error
    is raised, no partial package remains.
    """
    with ExitStack() as opened:
        packages = [opened.enter_context(_opened(place)) for place in places]
        sources = plan_combination([one.ingredient for one in packages])
        last = packages[-1].ingredient
        stem = package_stem(last.manifest.application.name, last.version)
        output_format = OutputFormat(_compression_of(last.name), part_bytes)
        target = output / f"{stem}{output_format.ending}"
        _refuse_input(target, places)
        output.mkdir(parents=True, exist_ok=True)
        folder = opened.enter_context(temporary_folder(output, f".{stem}-"))
        files = tuple(_small_files(packages, folder, stem))
        work = _Work(packages, sources, last.manifest, console)
        written = write_package(
            target,
            stem,
            files,
            tuple(map(_expected, last.manifest.images)),
            work.write_images,
            work.describe,
            console,
            output_format,
        )
    console.say(f"{target.name}, {size(sum(file.size_bytes for file in written))}")
    return output_format.first_file(target)


def _expected(image: Image) -> Image:
    """Returns the image as an export expects it: the same room for the manifest gives the same bytes."""
    return expected_image(image.reference, image.platform, image.diff_ids)


@dataclass(frozen=True)
class _Package:
    """A package to combine, open for reading."""

    ingredient: Ingredient
    layers: PackageLayers


@contextmanager
def _opened(place: Path) -> Iterator[_Package]:
    """Opens a package; an error in another package does not mark this one as damaged."""
    found, of_another = find_package(place), None
    with open_package(found, _ignore_progress) as stream:
        digest = hashlib.sha256(stream.raw_manifest).hexdigest()
        layers = PackageLayers(stream, found.name)
        try:
            yield _Package(Ingredient(found.name, stream.manifest, digest), layers)
        except BadPackage as problem:
            if layers.is_bad:
                raise
            of_another = problem
    if of_another is not None:
        raise of_another


def _ignore_progress(size_bytes: int) -> None:
    """Ignores reading progress: the progress bar counts what is written."""


def _refuse_input(target: Path, places: Sequence[Path]) -> None:
    """Refuses to overwrite one of the packages to combine."""
    if target.resolve() in [place.resolve() for place in places]:
        raise UsageProblem(
            _("The result would overwrite {path}.", path=target),
            hint=_("Specify another folder: --output FOLDER"),
        )


def _compression_of(name: str) -> Compression:
    """Returns the compression of the package with this name."""
    return next(
        (one for one, ending in ENDINGS.items() if name.endswith(ending)), DEFAULT_OUTPUT_FORMAT.compression
    )


def _small_files(packages: Sequence[_Package], folder: Path, stem: str) -> Iterator[PackedFile]:
    """Yields the small files of the last package, kept in `folder`; verifies those of the others."""
    for package in packages[:-1]:
        for _member in package.layers.small_files():
            continue
    last = packages[-1]
    base = last.ingredient.manifest.base
    delta = delta_stem(stem, base.version if base else None)
    for number, member in enumerate(last.layers.small_files()):
        if member.path not in SELF_DESCRIBING:
            kept = folder / str(number)
            _keep(member, kept)
            content = whole_document(kept.read_bytes(), delta, stem) if is_guide(member.path) else kept
            yield PackedFile(member.path, content, member.mode)


def _keep(member: Member, path: Path) -> None:
    with path.open("wb") as file:
        for chunk in member.content:
            file.write(chunk)


@dataclass(frozen=True)
class _Work:
    """The work of writing images.tar and the manifest of the whole package."""

    packages: Sequence[_Package]
    sources: Sequence[frozenset[str]]
    manifest: Manifest
    console: Console

    def describe(self, files: tuple[File, ...], images: tuple[Image, ...]) -> Manifest:
        """Returns the manifest of the last package without its base."""
        return replace(self.manifest, format=FORMAT, base=None, files=files, images=images)

    def write_images(self, sink: ImagesSink) -> tuple[Image, ...]:
        """Writes all layers in the order of their diff IDs, then the image tables of this release."""
        images = self.manifest.images
        sizes = {layer.diff_id: layer.size_bytes for image in images for layer in image.layers}
        with self.console.progress(_("Combining"), sum(sizes.values())) as advance:
            writer = LayerWriter(sink, advance)
            for passing in heapq.merge(*self._streams(), key=lambda one: one.layer.diff_id):
                writer.write(passing.layer, _counted(passing.chunks, advance))
        sink.boundary()
        configs = self.packages[-1].layers.configs
        for blob in metadata([(image, configs[image.id]) for image in images]):
            sink.write(entry(blob.path, blob.content))
        sink.write(END_OF_ARCHIVE)
        return images

    def _streams(self) -> Iterator[Iterator[PassingLayer]]:
        image_ids = frozenset(image.id for image in self.manifest.images)
        for package, wanted in zip(self.packages, self.sources, strict=True):
            configs = image_ids if package is self.packages[-1] else frozenset()
            yield package.layers.layers(wanted, configs)


def _counted(chunks: Iterator[bytes], advance: Advance) -> Iterator[bytes]:
    for chunk in chunks:
        yield chunk
        advance(len(chunk))
