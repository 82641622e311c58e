"""Collects the files of a package besides its images, each with its content or its source path."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from installer.bundle.layout import ENV_EXAMPLE, INSTALLER, LAUNCHER, TOOL, shown
from installer.bundle.manifest.manifest import Requirements
from installer.bundle.sql.migrations import SCRIPT
from installer.bundle.sql.provider import LOCK_FILE
from installer.errors import UsageProblem
from installer.text import _
from packager.contents.render import launchers, render_documents
from packager.contents.runtime_libraries import Library
from packager.contents.zipapp import make_zipapp
from packager.file.package_file import FILE_MODE, PROGRAM_MODE, PackedFile
from packager.git.case_of_names import clashing
from packager.pinning.pinned_compose import pinned_compose
from packager.pinning.release_settings import release_variables, shipped_files
from packager.plan.export_plan import ExportPlan
from packager.project.databases.project_databases import ProjectDatabase
from packager.project.project import Project
from packager.project.project_migrations import ProjectMigrations
from packager.runtime.own_python import OwnPython

PROGRAMS = (LAUNCHER, TOOL)


def package_contents(
    plan: ExportPlan,
    libraries: tuple[Library, ...],
    *,
    platform: str,
    requirements: Requirements,
    previous: str | None,
    python: OwnPython | None = None,
    left_out: Collection[str] = (),
) -> tuple[PackedFile, ...]:
    """Returns all files except manifest, checksums and images. Raises `UsageProblem` for a duplicate name.

    `left_out` are the paths of files that the base of a delta has.
    """
    documents = render_documents(plan, platform, requirements, previous, leaves_out_python=bool(left_out))
    files = [
        *(PackedFile(path, text.encode()) for path, text in pinned_compose(plan).items()),
        *_settings_example(plan),
        *(_from_project(plan.project, path) for path in shipped_files(plan)),
        *_migrations(plan.project),
        *(PackedFile(path, content) for path, content in documents.items()),
        *(PackedFile(path, content, PROGRAM_MODE) for path, content in launchers().items()),
        PackedFile(INSTALLER, make_zipapp(libraries, python.bytecode if python else {}), PROGRAM_MODE),
        *(replace(one, is_left_out=one.path in left_out) for one in (python.files if python else ())),
    ]
    _refuse_clashes(files)
    return tuple({file.path: file for file in files}.values())


def _from_project(project: Project, path: str) -> PackedFile:
    mode = PROGRAM_MODE if project.checkout.is_program(path) else FILE_MODE
    is_as_in_git = not project.checkout.is_converted(path)
    return PackedFile(path, project.directory / path if is_as_in_git else _content(project, path), mode)


def _content(project: Project, path: str) -> bytes:
    return project.checkout.content(path, (project.directory / path).read_bytes())


def _settings_example(plan: ExportPlan) -> Iterator[PackedFile]:
    """Yields a `.env.example` with every variable of the release, if the project has none."""
    variables = release_variables(plan)
    if variables and ENV_EXAMPLE not in plan.project.files.shipped:
        lines = [f"{variable.name}={variable.default or ''}\n" for variable in variables]
        yield PackedFile(ENV_EXAMPLE, "".join(lines).encode())


def _migrations(project: Project) -> Iterator[PackedFile]:
    for database in project.databases:
        if database.migrations is not None:
            yield from _migrations_of(database, database.migrations, project)


def _migrations_of(
    database: ProjectDatabase, found: ProjectMigrations, project: Project
) -> Iterator[PackedFile]:
    for migration in found.all:
        yield PackedFile(f"{database.folder}/{migration.name}/{SCRIPT}", migration.script or b"")
    lock = f"{found.folder}/{LOCK_FILE}"
    if (project.directory / lock).is_file():
        yield PackedFile(f"{database.folder}/{LOCK_FILE}", _content(project, lock))
    if found.schema is not None:
        yield PackedFile(database.schema, _content(project, found.schema))


def _refuse_clashes(files: list[PackedFile]) -> None:
    """Refuses a file of the project with the path of a file that Airlock makes, also in another case."""
    first: dict[str, PackedFile] = {}
    problems = [
        shown(file.path)
        for file in files
        if b"".join(first.setdefault(file.path, file).chunks()) != b"".join(file.chunks())
    ]
    problems += [f"{shown(path)}, {shown(other)}" for path, other in clashing(file.path for file in files)]
    if problems:
        raise UsageProblem(
            _("Project files have names that are reserved for the package's own files."),
            details=problems,
            hint=_("Rename them, or remove them from `files:` in airlock.yml."),
        )
