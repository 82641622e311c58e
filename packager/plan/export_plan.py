"""Plans an export before anything is done. The dry run prints the same plan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from installer.bundle.layout import package_stem, shown
from installer.bundle.manifest.manifest import Source
from installer.bundle.sql.migrations import Migration
from installer.errors import UsageProblem
from installer.text import _
from packager.compression.output_format import DEFAULT_OUTPUT_FORMAT, OutputFormat
from packager.deltas.export_base import Since, delta_stem, expect_base
from packager.layouts.image_layout import ImageLayout
from packager.plan.image_names import image_references, pulled_reference
from packager.plan.planned_runtime import planned_runtime
from packager.project.project import Project

Origin = Literal["built", "pulled", "layout"]
"""Where an image comes from; "layout" is an image layout."""


@dataclass(frozen=True)
class PlannedImage:
    """One image of the package. `asked_as` is its name in the engine or registry, possibly with a digest."""

    reference: str
    origin: Origin
    asked_as: str
    services: tuple[str, ...]


@dataclass(frozen=True)
class ExportPlan:
    """Everything an export does, in order. `platform` is None for the engine's own platform.

    `new_migrations` are those of each database, by its service. `since` is the base of a delta, None for a
    package with all layers. `runtime` is the image that the package's own Python is taken from, None for a
    package without one. `layout` has the images that are laid.
    """

    project: Project
    version: str
    source: Source
    platform: str | None
    images: tuple[PlannedImage, ...]
    references: tuple[tuple[str, str], ...]
    new_migrations: Mapping[str, tuple[Migration, ...]]
    since: Since | None
    output_format: OutputFormat
    package: Path
    runtime: str | None = None
    layout: ImageLayout | None = None

    @property
    def stem(self) -> str:
        """Returns the name of the package's root folder."""
        return package_stem(self.project.name, self.version)

    @property
    def image_of(self) -> dict[str, str]:
        """Returns the image reference of each service."""
        return dict(self.references)


def plan_export(
    project: Project,
    version: str,
    source: Source,
    output: Path,
    *,
    platform: str | None = None,
    previous_migrations: Mapping[str, Collection[str]] | None = None,
    since: Since | None = None,
    output_format: OutputFormat = DEFAULT_OUTPUT_FORMAT,
    runtime: str | None = None,
    layout: ImageLayout | None = None,
) -> ExportPlan:
    """Plans the export of `project` into the folder `output`.

    `previous_migrations` are the migration names of the previous release by service, None if unknown;
    `runtime` comes before what airlock.yml specifies. An image that `layout` has comes from there. Raises
    `UsageProblem`.
    """
    references = image_references(project.compose, project.project, version)
    if since is not None:
        expect_base(since, project.name, version)
    stem = package_stem(project.name, version)
    name = delta_stem(stem, since.version) if since else stem
    return ExportPlan(
        project=project,
        version=version,
        source=source,
        platform=platform,
        images=_images(project, references, layout),
        references=tuple(references.items()),
        new_migrations={
            one.service: one.migrations.since((previous_migrations or {}).get(one.service))
            for one in project.databases
            if one.migrations is not None
        },
        since=since,
        output_format=output_format,
        package=output / f"{name}{output_format.ending}",
        runtime=planned_runtime(runtime, project),
        layout=layout,
    )


def _images(
    project: Project, references: dict[str, str], layout: ImageLayout | None
) -> tuple[PlannedImage, ...]:
    planned = _from_engine(project, references)
    if layout is None:
        return planned
    laid = tuple(
        replace(image, origin="layout") if layout.has(image.reference) else image for image in planned
    )
    if laid == planned:
        raise UsageProblem(
            _("{path} has no image of this release.", path=layout.folder),
            details=[
                _("Images of the release: {names}", names=", ".join(one.reference for one in planned)),
                _("Images of the layout: {names}", names=", ".join(map(shown, layout.entries)) or "-"),
            ],
            hint=_("Name the images as in the release: skopeo copy … oci:FOLDER:{image}",
                   image=planned[0].reference if planned else "NAME:TAG"),
        )  # fmt: skip
    return laid


def _from_engine(project: Project, references: dict[str, str]) -> tuple[PlannedImage, ...]:
    services = {service.name: service for service in project.compose.services}
    planned = []
    for reference in sorted(set(references.values())):
        users = tuple(name for name in services if references[name] == reference)
        built = [name for name in users if services[name].is_built]
        asked_as = reference if built else _asked_as(project, users, reference)
        planned.append(PlannedImage(reference, "built" if built else "pulled", asked_as, users))
    return tuple(planned)


def _asked_as(project: Project, users: tuple[str, ...], reference: str) -> str:
    """Returns the reference as written, with its digest if it has one: the registry was asked for that."""
    written = [pulled_reference(s, []) for s in project.compose.services if s.name in users]
    digests = [word for word in written if word.digest]
    return f"{digests[0].repository}@{digests[0].digest}" if digests else reference
