"""Makes one whole package from a whole package and deltas. Reads every package once and unpacks nothing."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.layout import package_stem
from installer.bundle.manifest.manifest import File, Image, Manifest, format_of
from installer.screen.console import Console, size
from installer.system.files.temporary import temporary_folder
from installer.text import _
from packager.combine.combination import plan_combination, plan_files
from packager.combine.documents import is_guide, whole_document
from packager.combine.finished_package import FinishedPackage, finished_package, refuse_input
from packager.combine.rewritten_images import RewrittenImages
from packager.compression.output_format import OutputFormat
from packager.deltas.export_base import delta_stem
from packager.file.package_file import PackedFile, write_package


def combine(places: Sequence[Path], output: Path, console: Console, *, part_bytes: int | None = None) -> Path:
    """Writes the whole package of the last of `places` into the folder `output`; returns its (first) file.

    Raises `Refused` if the packages do not build on each other, `BadPackage` for a damaged one. If an error
    is raised, no partial package remains.
    """
    with ExitStack() as opened:
        packages = [opened.enter_context(finished_package(place)) for place in places]
        ingredients = [one.ingredient for one in packages]
        sources, files = plan_combination(ingredients), plan_files(ingredients)
        manifest = packages[-1].ingredient.manifest
        stem = package_stem(manifest.application.name, manifest.application.version)
        output_format = OutputFormat(packages[-1].compression, part_bytes)
        target = output / f"{stem}{output_format.ending}"
        refuse_input(target, places)
        output.mkdir(parents=True, exist_ok=True)
        folder = opened.enter_context(temporary_folder(output, f".{stem}-"))
        written = write_package(
            target,
            stem,
            tuple(_small_files(packages, files, folder, stem)),
            packages[-1].expected_images,
            RewrittenImages(packages, sources, _("Combining"), console).write,
            _Whole(manifest).describe,
            console,
            output_format,
        )
    console.say(f"{target.name}, {size(sum(file.size_bytes for file in written))}")
    return output_format.first_file(target)


def _small_files(
    packages: Sequence[FinishedPackage], files: Sequence[frozenset[str]], folder: Path, stem: str
) -> Iterator[PackedFile]:
    """Yields the small files of the last package, and the `files` that it leaves out from the others."""
    for package, wanted in zip(packages[:-1], files, strict=True):
        yield from package.small_files(folder, wanted)
    base = packages[-1].ingredient.manifest.base
    delta = delta_stem(stem, base.version if base else None)
    for file in packages[-1].small_files(folder):
        if is_guide(file.path):
            yield replace(file, content=whole_document(b"".join(file.chunks()), delta, stem))
        else:
            yield file


@dataclass(frozen=True)
class _Whole:
    """The whole package of the release that `manifest` describes."""

    manifest: Manifest

    def describe(self, files: tuple[File, ...], images: tuple[Image, ...]) -> Manifest:
        """Returns its manifest, which has no base."""
        version = format_of(None, self.manifest.databases)
        return replace(self.manifest, format=version, base=None, files=files, images=images)
