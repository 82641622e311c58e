"""Shows the plan of an export as lines for people and as a document for programs."""

from collections.abc import Iterator, Sequence

from installer.bundle.layout import shown
from installer.bundle.sql.migrations import Migration
from installer.screen.console import size
from installer.system.docker.data_stores import Unserved
from installer.text import _, ngettext
from packager.commands.show_host_resources import host_resource_document, host_resource_lines
from packager.deltas.export_base import Since
from packager.deltas.left_out_totals import LeftOut
from packager.pinning.release_settings import release_variables
from packager.plan.export_plan import ExportPlan
from packager.project.data_services import unserved_services
from packager.project.databases.project_databases import ProjectDatabase
from packager.project.project_migrations import FOLDER

SHORT_DIGEST = 12


def plan_lines(plan: ExportPlan) -> list[str]:
    """Returns the plan as lines for people."""
    project = plan.project
    return [
        _("{title} {version} (Compose project {project})", title=project.title, version=plan.version,
          project=project.project),
        *_source_lines(plan),
        _("Images"),
        *(f"  {_origin(one.origin)}  {one.reference}  ({', '.join(one.services)})" for one in plan.images),
        *_section(_("Files of the project"), project.files.shipped),
        *_section(_("Site data, never packed"), project.files.state),
        *_section(_("Provided by the site, never packed"), project.files.from_site),
        *_section(_("Elsewhere on the host, not changed"), project.files.left_alone),
        *_section(_("Not backed up by an import"), tuple(map(str, _not_backed_up(plan)))),
        *host_resource_lines(project.compose, release_variables(plan)),
        *_migration_lines(plan),
        *_override_lines(plan),
        *_section(_("Please check"), project.files.notes),
        _runtime_line(plan.runtime),
        *_base_lines(plan.since),
        _("Package: {path}", path=plan.package),
    ]  # fmt: skip


def plan_document(plan: ExportPlan, left_out: LeftOut | None = None) -> dict[str, object]:
    """Returns the plan for programs, with stable keys. `left_out` is known once a delta has been written."""
    project = plan.project
    return {
        "name": project.name,
        "version": plan.version,
        "project": project.project,
        "source": {
            "revision": plan.source.revision,
            "tag": plan.source.tag,
            "dirty": plan.source.dirty,
            "committed_at": plan.source.committed_at,
        },
        "platform": plan.platform,
        "images": [
            {"reference": image.reference, "origin": image.origin, "services": list(image.services)}
            for image in plan.images
        ],
        "files": list(project.files.shipped),
        "state": list(project.files.state),
        "from_site": list(project.files.from_site),
        "left_alone": list(project.files.left_alone),
        "databases": [_database_document(one, plan) for one in project.databases],
        "not_backed_up": [one.service for one in _not_backed_up(plan)],
        **host_resource_document(project.compose, release_variables(plan)),
        "compression": plan.output_format.compression,
        "part_bytes": plan.output_format.part_bytes,
        "not_packed": [project.override] if project.override else [],
        "notes": list(project.files.notes),
        "since": _base_document(plan.since, left_out) if plan.since else None,
        "runtime": plan.runtime,
        "package": str(plan.package),
    }


def _not_backed_up(plan: ExportPlan) -> tuple[Unserved, ...]:
    return unserved_services(plan.project.compose, plan.project.database_services)


def _source_lines(plan: ExportPlan) -> Iterator[str]:
    source = plan.source
    if source.revision is None:
        yield _("Source: not under Git")
    else:
        yield _(
            "Source: {revision}, {tag}, {state}",
            revision=source.revision[:12],
            tag=source.tag or _("no tag"),
            state=_("with uncommitted changes") if source.dirty else _("clean"),
        )


def _origin(origin: str) -> str:
    words = {"built": _("built "), "pulled": _("pulled"), "layout": _("layout")}
    return words[origin]


def _section(title: str, paths: tuple[str, ...]) -> list[str]:
    return [title, *(f"  {path}" for path in paths)] if paths else []


def _database_document(database: ProjectDatabase, plan: ExportPlan) -> dict[str, object]:
    known = database.migrations.all if database.migrations else ()
    return {
        "service": database.service,
        "engine": database.engine,
        "migrations": [migration.name for migration in known],
        "new_migrations": [migration.name for migration in plan.new_migrations.get(database.service, ())],
    }


def _migration_lines(plan: ExportPlan) -> Iterator[str]:
    for database in plan.project.databases:
        yield _("Database: service {service}", service=database.service)
        yield from _migrations_of(database, plan.new_migrations.get(database.service, ()))


def _migrations_of(database: ProjectDatabase, new: Sequence[Migration]) -> Iterator[str]:
    found = database.migrations
    if found is None or not found.all:
        yield _(
            "No migrations were found: no folder {folder} contains <name>/migration.sql. If the "
            "project has migrations, specify their folder in airlock.yml: `migrations: …`",
            folder=found.folder if found else FOLDER,
        )
        return
    yield ngettext(
        "{count} migration in {folder}, {new} of them new",
        "{count} migrations in {folder}, {new} of them new",
        len(found.all),
        folder=found.folder,
        new=len(new),
    )
    yield from (f"  {shown(migration.name)}" for migration in new)


def _override_lines(plan: ExportPlan) -> Iterator[str]:
    if plan.project.override:
        yield _("Not packed: {file} (applies to this machine only)", file=plan.project.override)


def _base_lines(since: Since | None) -> Iterator[str]:
    """Yields the base of a delta; the share of the images that it covers is known only after the build."""
    if since is None:
        return
    if since.version is None:
        yield _("Builds on: the site's inventory of {time}", time=since.written_at)
    else:
        digest = (since.manifest_sha256 or "")[:SHORT_DIGEST]
        yield _("Builds on: {version} (manifest {digest})", version=since.version, digest=digest)
    if since.layers_size_bytes is None:
        yield _("  Left out: layers that the base has")
    else:
        yield _("  Left out: layers that the base has, at most {size}", size=size(since.layers_size_bytes))


def _runtime_line(image: str | None) -> str:
    if image is None:
        return _("Python: none in the package; the site needs Python 3.10 or newer")
    return _("Python in the package: from {image}", image=image)


def _base_document(since: Since, left_out: LeftOut | None) -> dict[str, object]:
    return {
        "application": since.application,
        "version": since.version,
        "manifest_sha256": since.manifest_sha256,
        "written_at": since.written_at,
        "layers_size_bytes": since.layers_size_bytes,
        "left_out_layers": left_out.layers if left_out else None,
        "left_out_size_bytes": left_out.size_bytes if left_out else None,
        "left_out_python_size_bytes": left_out.python_size_bytes if left_out else None,
    }
