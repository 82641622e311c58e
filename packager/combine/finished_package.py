"""Opens finished packages, of which another one is made."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from installer.bundle.layout import SELF_DESCRIBING
from installer.bundle.manifest.manifest import Image
from installer.bundle.package_stream import Member
from installer.errors import BadPackage, UsageProblem
from installer.system.reading.package_reader import find_package, open_package
from installer.text import _
from packager.combine.combination import Ingredient
from packager.combine.package_layers import PackageLayers
from packager.compression.codec import Compression
from packager.compression.codecs import ENDINGS
from packager.compression.output_format import DEFAULT_OUTPUT_FORMAT
from packager.file.expected_image import expected_image
from packager.file.package_file import PackedFile


@dataclass(frozen=True)
class FinishedPackage:
    """A finished package, open for reading."""

    ingredient: Ingredient
    layers: PackageLayers

    @property
    def compression(self) -> Compression:
        """Returns its compression, by its name."""
        name = self.ingredient.name
        return next(
            (one for one, ending in ENDINGS.items() if name.endswith(ending)),
            DEFAULT_OUTPUT_FORMAT.compression,
        )

    @property
    def expected_images(self) -> tuple[Image, ...]:
        """Returns its images as an export expects them: the same room for the manifest, so the same bytes."""
        images = self.ingredient.manifest.images
        return tuple(expected_image(one.reference, one.platform, one.diff_ids) for one in images)

    def small_files(self, folder: Path, wanted: Collection[str] | None = None) -> Iterator[PackedFile]:
        """Yields all files but the images and what describes the package, or those `wanted`; verifies all.

        Keeps each in `folder`, which several packages may share.
        """
        for number, member in enumerate(self.layers.small_files()):
            if member.path not in SELF_DESCRIBING and (wanted is None or member.path in wanted):
                kept = folder / f"{self.ingredient.manifest_sha256}-{number}"
                _keep(member, kept)
                yield PackedFile(member.path, kept, member.mode)


@contextmanager
def finished_package(place: Path) -> Iterator[FinishedPackage]:
    """Opens a package; an error in another package does not mark this one as damaged."""
    found, of_another = find_package(place), None
    with open_package(found, _ignore_progress) as stream:
        digest = hashlib.sha256(stream.raw_manifest).hexdigest()
        layers = PackageLayers(stream, found.name)
        try:
            yield FinishedPackage(Ingredient(found.name, stream.manifest, digest), layers)
        except BadPackage as problem:
            if layers.is_bad:
                raise
            of_another = problem
    if of_another is not None:
        raise of_another


def refuse_input(target: Path, places: Sequence[Path]) -> None:
    """Refuses to overwrite one of the packages that another is made of."""
    if target.resolve() in [place.resolve() for place in places]:
        raise UsageProblem(
            _("The result would overwrite {path}.", path=target),
            hint=_("Specify another folder: --output FOLDER"),
        )


def _ignore_progress(size_bytes: int) -> None:
    """Ignores reading progress: the progress bar counts what is written."""


def _keep(member: Member, path: Path) -> None:
    with path.open("wb") as file:
        for chunk in member.content:
            file.write(chunk)
