"""Makes a delta from two finished packages, without an engine and without the project.

It has the bytes of the delta that `airlock export --since OLD` makes, if NEW was exported with
`--previous OLD` and by the same Airlock. Reads NEW once and unpacks nothing.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from installer.bundle.layout import package_stem
from installer.bundle.manifest.manifest import Base, File, Image, Manifest, format_of
from installer.bundle.manifest.versions import parse_version
from installer.errors import Refused, UsageProblem
from installer.screen.console import Console, size
from installer.system.files.temporary import temporary_folder
from installer.text import _
from packager.combine.documents import delta_document
from packager.combine.finished_package import FinishedPackage, finished_package, refuse_input
from packager.combine.rewritten_images import RewrittenImages
from packager.compression.output_format import OutputFormat
from packager.contents.render import base_sections
from packager.deltas.export_base import (
    Since,
    base_of,
    delta_stem,
    expect_base,
    since_release,
    with_left_out_files,
)
from packager.deltas.previous_release import read_previous
from packager.file.package_file import PackedFile, write_package


def make_delta(
    old: Path, new: Path, output: Path, console: Console, *, part_bytes: int | None = None
) -> Path:
    """Writes the delta of the release in `new` on that in `old` into `output`; returns its (first) file.

    `old` may also be an unpacked package or its manifest.json. Raises `UsageProblem` or `Refused` if no such
    delta is possible, `BadPackage` for a damaged package. If an error is raised, no partial package remains.
    """
    since = since_release(read_previous(old))
    with ExitStack() as opened:
        package = opened.enter_context(finished_package(new))
        manifest = package.ingredient.manifest
        _expect_order(since, manifest, old, new)
        base = base_of(since, manifest.application.name, manifest.images)
        base = with_left_out_files(base, since, manifest.files)
        stem = package_stem(manifest.application.name, manifest.application.version)
        output_format = OutputFormat(package.compression, part_bytes)
        target = output / f"{delta_stem(stem, since.version)}{output_format.ending}"
        refuse_input(target, [old, new])
        output.mkdir(parents=True, exist_ok=True)
        folder = opened.enter_context(temporary_folder(output, f".{stem}-"))
        guides = base_sections(
            since,
            manifest.application.name,
            manifest.application.version,
            leaves_out_python=bool(base.files),
        )
        delta = _Delta(manifest, base, guides, f"{stem}{output_format.ending}", target.name)
        written = write_package(
            target,
            stem,
            tuple(delta.small_files(package, folder)),
            package.expected_images,
            RewrittenImages([package], [delta.carried], _("Copying layers"), console).write,
            delta.describe,
            console,
            output_format,
        )
    console.say(f"{target.name}, {size(sum(file.size_bytes for file in written))}")
    return output_format.first_file(target)


def _expect_order(since: Since, manifest: Manifest, old: Path, new: Path) -> None:
    application = manifest.application
    expect_base(since, application.name, application.version)
    if since.version and parse_version(since.version) > parse_version(application.version):
        raise UsageProblem(
            _("{old} is newer than {new}.", old=since.version, new=application.version),
            hint=_("Specify the older package first: airlock delta {old} {new}", old=new, new=old),
        )
    if manifest.base is not None:
        raise Refused(
            _("{package} is a delta itself.", package=new),
            details=[_("A delta is made from the whole package of the new release.")],
            hint=_("Make the whole package first: airlock combine BASE {package}", package=new),
        )


@dataclass(frozen=True)
class _Delta:
    """The delta of the release that `manifest` describes; `whole` and `name` are names of package files."""

    manifest: Manifest
    base: Base
    guides: Mapping[str, bytes]
    whole: str
    name: str

    @property
    def carried(self) -> frozenset[str]:
        """Returns the layers that it carries."""
        return replace(self.manifest, base=self.base).carried

    def small_files(self, package: FinishedPackage, folder: Path) -> Iterator[PackedFile]:
        """Yields its small files; those of `package` are kept in `folder`."""
        for file in package.small_files(folder):
            section = self.guides.get(file.path)
            if section is None:
                yield replace(file, is_left_out=file.path in self.base.files)
            else:
                content = b"".join(file.chunks())
                guide = delta_document(file.path, content, section, self.whole, self.name)
                yield replace(file, content=guide)

    def describe(self, files: tuple[File, ...], images: tuple[Image, ...]) -> Manifest:
        """Returns its manifest."""
        version = format_of(self.base, self.manifest.databases)
        return replace(self.manifest, format=version, base=self.base, files=files, images=images)
