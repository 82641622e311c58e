"""Renders the documents of a package, MIGRATIONS.md and DEPLOYMENT_GUIDE.md, in each language.

Names and texts of a project are quoted for the place they appear in: Markdown, shell or SQL.
"""

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from installer.bundle.layout import ENV, MIGRATIONS, package_stem
from installer.bundle.manifest.manifest import Requirements
from installer.text import LANGUAGES, speaking
from installer.text import _ as translated
from packager.contents.shown_migrations import shown_migrations
from packager.contents.zipapp import own_source
from packager.deltas.export_base import Since
from packager.pinning.release_settings import folders_to_make, needs_settings, release_variables
from packager.plan.export_plan import ExportPlan
from packager.project.database_commands import by_hand, postgresql_text, sql_text
from packager.project.databases.project_databases import PROVIDER_OF_ENGINE

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parents[2] / "templates"
MIGRATIONS_PAGE, GUIDE = DOCUMENTS = ("MIGRATIONS.md", "DEPLOYMENT_GUIDE.md")
LAUNCHERS = ("import-package.sh", "airlock")


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
    documents = {}
    for language in LANGUAGES:
        with speaking(language):  # of the lint's messages
            pages = [{**values, **page} for page in _pages(plan)]
            documents[_path(MIGRATIONS_PAGE, language)] = b"\n".join(
                _rendered(f"{language}/{MIGRATIONS_PAGE}.j2", page) for page in pages
            )
            documents[_path(GUIDE, language)] = _rendered(f"{language}/{GUIDE}.j2", values)
    return documents


def _pages(plan: ExportPlan) -> Iterator[dict[str, object]]:
    """Yields what MIGRATIONS.md says of each database, one after the other; the base is in the first part."""
    if not plan.project.databases:
        yield {"label": "", "migrations": (), "is_migrated_here": False, "folder": MIGRATIONS}
    for at, database in enumerate(plan.project.databases):
        yield {
            "label": database.service if len(plan.project.databases) > 1 else "",
            "migrations": shown_migrations(database, plan.new_migrations.get(database.service, ())),
            "is_migrated_here": database.migrations is not None,
            "folder": database.folder,
            "search_path": database.search_path,
            "prisma": database.migrations.prisma if database.migrations else None,
            "provider": PROVIDER_OF_ENGINE[database.engine],
            "client": by_hand(database).client,
            **({"base": None} if at else {}),
        }


def base_sections(
    since: Since, application: str, version: str, *, leaves_out_python: bool
) -> dict[str, bytes]:
    """Maps the paths of the documents of a delta to what they say about its base."""
    values = _base_values(since, application, version, leaves_out_python)
    return {
        _path(name, language): _rendered(f"{language}/{name.replace('.md', '.base.md')}.j2", values)
        for language in LANGUAGES
        for name in DOCUMENTS
    }


def _rendered(template: str, values: dict[str, object]) -> bytes:
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
    return {
        "title": project.title,
        "root": plan.stem,
        "package": plan.package.name,
        "platform": platform,
        "own_python": plan.runtime is not None,
        "engine": requirements.engine,
        "compose": requirements.compose,
        "previous": previous,
        "databases": [by_hand(one) for one in project.databases],
        "has_postgresql": any(one.engine == "postgresql" for one in project.databases),
        "other_services": [name for name in services if name not in project.database_services],
        "env_example": needs_settings(plan),
        "variables": release_variables(plan),
        "folders": folders_to_make(plan),
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
    environment.filters.update(plain=plain, code=code, block=block, shell=shlex.quote)
    environment.filters.update(sql=sql_text, postgresql=postgresql_text)
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
