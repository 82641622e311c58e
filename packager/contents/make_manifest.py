"""Makes the manifest of a package from the plan and from what was written."""

import hashlib
from dataclasses import replace

from installer import VERSION
from installer.bundle.layout import ENV, PYTHON
from installer.bundle.manifest.manifest import (
    Application,
    Base,
    Database,
    File,
    Image,
    Manifest,
    MigrationEntry,
    Requirements,
    format_of,
)
from packager.contents.runtime_libraries import Library
from packager.plan.export_plan import ExportPlan
from packager.project.project import Project
from packager.project.project_files import outermost
from packager.project.project_migrations import ProjectMigrations

REQUIREMENTS = Requirements(engine="20.10", compose="2.0")
COMPOSE_WITH_INCLUDE = "2.20"


def describe_package(
    plan: ExportPlan,
    platform: str,
    libraries: tuple[Library, ...],
    python_version: str | None,
    base: Base | None,
    files: tuple[File, ...],
    images: tuple[Image, ...],
) -> Manifest:
    """Returns the manifest of the package."""
    project, databases = plan.project, _databases(plan)
    return Manifest(
        format=format_of(base, databases),
        application=Application(project.name, project.title, plan.version, project.project),
        source=plan.source,
        built_with=f"airlock {VERSION}",
        platform=platform,
        compose_files=tuple(file.name for file in project.compose.files),
        images=images,
        base=base,
        files=files,
        databases=databases,
        state=outermost((*project.files.state, *(p for p in project.files.from_site if p != ENV))),
        smoke=project.settings.smoke,
        upgrade_from=project.settings.upgrade_from,
        requirements=requirements_of(project),
        libraries=(
            *(f"{library.name} {library.version}" for library in libraries),
            *([f"{PYTHON} {python_version}"] if python_version else []),
        ),
    )


def requirements_of(project: Project) -> Requirements:
    """Returns what the release requires on site: `include` needs a newer Compose than everything else."""
    includes = any(file.root.get("include") for file in project.compose.all_files)
    return replace(REQUIREMENTS, compose=COMPOSE_WITH_INCLUDE) if includes else REQUIREMENTS


def _databases(plan: ExportPlan) -> tuple[Database, ...]:
    return tuple(
        Database(
            one.service,
            one.folder,
            _migrations(one.migrations),
            one.engine,
            one.migrations.prisma if one.migrations else None,
        )
        for one in plan.project.databases
    )


def _migrations(found: ProjectMigrations | None) -> tuple[MigrationEntry, ...]:
    return tuple(
        MigrationEntry(migration.name, hashlib.sha256(migration.script or b"").hexdigest())
        for migration in (found.all if found else ())
    )
