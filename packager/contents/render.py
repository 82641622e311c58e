"""Renders the documents of a package, MIGRATIONS.md and DEPLOYMENT_GUIDE.md, in each language.

Names and texts of a project are quoted for the place they appear in: Markdown, shell or SQL.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from installer.bundle.layout import ENV, MIGRATIONS, package_stem
from installer.bundle.manifest.manifest import Requirements
from installer.bundle.sql.migrations import SCRIPT, migration_date, prisma_warnings
from installer.text import LANGUAGES, speaking
from installer.text import _ as translated
from packager.contents.zipapp import own_source
from packager.deltas.export_base import Since
from packager.lint.catalogue.codes import WEIGHTS, Weight
from packager.lint.catalogue.findings import Finding
from packager.lint.judge import Judged, JudgedMigration, judge_migrations
from packager.lint.report import reason_for
from packager.lint.suppressions import Suppression
from packager.pinning.release_settings import folders_to_make, needs_settings, release_variables
from packager.plan.export_plan import ExportPlan
from packager.project.database_commands import client_function, dump_function, sql_text

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parents[2] / "templates"
DOCUMENTS = ("MIGRATIONS.md", "DEPLOYMENT_GUIDE.md")
LAUNCHERS = ("import-package.sh", "airlock")


@dataclass(frozen=True)
class ShownMigration:
    """A migration as the document shows it; `script` is its path in the package."""

    name: str
    date: date | None
    sha256: str
    script: str
    warnings: tuple[str, ...]
    findings: tuple[Finding, ...]
    statements: tuple[Judged, ...]
    weights: tuple[Weight, ...]
    accepted: tuple[Suppression, ...]

    def reason(self, finding: Finding) -> str | None:
        """Returns why the finding was accepted; None if it was not."""
        return reason_for(finding, self.name, self.accepted)


def render_documents(
    plan: ExportPlan,
    platform: str,
    requirements: Requirements,
    previous: str | None,
    *,
    leaves_out_python: bool = False,
) -> dict[str, bytes]:
    """Maps paths in the package to content. English has the plain name, Korean `.ko` before the ending.

    A delta `leaves_out_python` if its base has the same.
    """
    values = {
        **_values(plan, platform, requirements, previous),
        **_base_values(plan.since, plan.project.name, plan.version, leaves_out_python),
    }
    return {
        _path(name, language): _rendered(f"{language}/{name}.j2", language, values)
        for language in LANGUAGES
        for name in DOCUMENTS
    }


def base_sections(
    since: Since, application: str, version: str, *, leaves_out_python: bool
) -> dict[str, bytes]:
    """Maps the paths of the documents of a delta to what they say about its base."""
    values = _base_values(since, application, version, leaves_out_python)
    return {
        _path(name, language): _rendered(f"{language}/{name.replace('.md', '.base.md')}.j2", language, values)
        for language in LANGUAGES
        for name in DOCUMENTS
    }


def _rendered(template: str, language: str, values: dict[str, object]) -> bytes:
    with speaking(language):  # of the lint's messages
        return _environment().get_template(template).render(values).encode()


def launchers() -> dict[str, bytes]:
    """Returns the shell scripts that start the installer."""
    return {name: own_source(TEMPLATES / name) for name in LAUNCHERS}


def _path(name: str, language: str) -> str:
    return name if language == "en" else name.replace(".md", f".{language}.md")


def _values(
    plan: ExportPlan, platform: str, requirements: Requirements, previous: str | None
) -> dict[str, object]:
    project = plan.project
    services = [service.name for service in project.compose.services]
    service = next(iter(project.database_services), None)
    return {
        "title": project.title,
        "root": plan.stem,
        "package": plan.package.name,
        "platform": platform,
        "own_python": plan.runtime is not None,
        "engine": requirements.engine,
        "compose": requirements.compose,
        "previous": previous,
        "migrations": list(_new_migrations(plan)),
        "folder": MIGRATIONS,
        "database": service,
        "other_services": [name for name in services if name not in project.database_services],
        "client": client_function(service),
        "dump": dump_function(service),
        "env_example": needs_settings(plan),
        "variables": release_variables(plan),
        "folders": folders_to_make(plan),
        "is_migrated_here": any(one.migrations is not None for one in project.databases),
        "from_site": [path for path in project.files.from_site if path != ENV],
        "state": project.files.state,
        "left_alone": project.files.left_alone,
        "smoke": project.settings.smoke,
        "images": [image.reference for image in plan.images],
    }


def _base_values(
    since: Since | None, application: str, version: str, leaves_out_python: bool
) -> dict[str, object]:
    """Returns the values for what a delta says of its base; `base_root` is the directory of its package."""
    base_root = package_stem(application, since.version) if since and since.version else None
    return {
        "version": version,
        "base": since,
        "base_root": base_root,
        "leaves_out_python": leaves_out_python,
    }


def _new_migrations(plan: ExportPlan) -> Iterator[ShownMigration]:
    """Yields the new migrations, checked against the schema that all earlier ones make."""
    for database in plan.project.databases:
        found = database.migrations
        new = {migration.name for migration in plan.new_migrations.get(database.service, ())}
        for judged in judge_migrations(found.all) if found else ():
            if judged.migration.name in new:
                yield _shown(judged, found.accepted if found else ())


def _shown(judged: JudgedMigration, accepted: tuple[Suppression, ...]) -> ShownMigration:
    migration = judged.migration
    found = {weight for statement in judged.statements for weight in statement.weights}
    found |= {weight for finding in judged.findings for weight in finding.weights}
    return ShownMigration(
        name=migration.name,
        date=migration_date(migration.name),
        sha256=migration.checksum,
        script=f"{MIGRATIONS}/{migration.name}/{SCRIPT}",
        warnings=prisma_warnings(migration.text),
        findings=judged.findings,
        statements=judged.statements,
        weights=tuple(weight for weight in WEIGHTS if weight in found),
        accepted=accepted,
    )


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # Markdown, quoted by the filters below
        keep_trailing_newline=True,
    )
    environment.globals.update(message=message)
    environment.filters.update(plain=plain, code=code, block=block, shell=shlex.quote, sql=sql_text)
    return environment


def message(text: str) -> str:
    """Returns a message of the installer in the language of the document; values are shown as `…`."""
    return plain(re.sub(r"\{\w+\}", "…", translated(text)))


def plain(text: str) -> str:
    """Returns text in one line, escaped so that Markdown shows it unchanged."""
    return re.sub(r"([\\`*_{}\[\]<>#|!~])", r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Returns text as inline code, with enough backticks around those in the text."""
    fence = "`" * (_longest_run(text) + 1)
    return f"{fence} {text} {fence}" if "`" in text else f"{fence}{text}{fence}"


def block(text: str, language: str) -> str:
    """Returns lines as a code block that nothing in them can end."""
    fence = "`" * max(3, _longest_run(text) + 1)
    return f"{fence}{language}\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
