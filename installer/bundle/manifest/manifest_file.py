"""Reads and writes manifest.json. FORMAT.md specifies each field."""

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import cast

from installer.bundle.layout import FIRST_FORMAT, FORMAT, MANIFEST, USUAL_FORMAT, path_problem
from installer.bundle.manifest import value_rules as rules
from installer.bundle.manifest.contradictions import contradictions
from installer.bundle.manifest.manifest import (
    Application,
    Base,
    Database,
    File,
    Image,
    Layer,
    Manifest,
    MigrationEntry,
    Requirements,
    Smoke,
    Source,
)
from installer.bundle.manifest.strict_json import Fields, NotJson, json_object, read_object
from installer.errors import BadPackage
from installer.text import _


def parse_manifest(raw: bytes) -> Manifest:
    """Reads a manifest. Raises `BadPackage` with all problems, each with its place.

    A newer format is refused at once: this version cannot judge its other members.
    """
    try:
        members = json_object(raw)
    except NotJson as problem:
        raise BadPackage(_("{file} cannot be read: {problem}.", file=MANIFEST, problem=problem)) from problem
    _refuse_newer(members.get("format"))
    problems: list[str] = []
    manifest = read_object(members, "", problems, _manifest)
    problems = sorted(problems) or contradictions(manifest)
    if problems:
        raise BadPackage(_("{file} is not a valid manifest.", file=MANIFEST), details=problems)
    return manifest


def dump_manifest(manifest: Manifest) -> bytes:
    """Writes a manifest in its only form: the order of the fields above, indented by two, UTF-8."""
    document = asdict(manifest)
    if manifest.format == FIRST_FORMAT:
        del document["base"]
    elif manifest.format == USUAL_FORMAT and manifest.base:
        del document["base"]["files"]
    if manifest.format <= USUAL_FORMAT:
        document = {
            name: one for key, value in document.items() for name, one in _of_one_database(key, value)
        }
    for database in document.get("databases", ()):
        if database["prisma"] is None:
            del database["prisma"]
    for file in document["files"]:
        file["mode"] = f"{file['mode']:04o}"
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def _of_one_database(key: str, value: object) -> Iterator[tuple[str, object]]:
    """Yields a member as formats 1 and 2 write it: they know one database, of one engine."""
    if key != "databases":
        yield key, value
        return
    first: dict[str, object] = next(iter(cast("tuple[dict[str, object], ...]", value)), {})
    yield "migrations", first.get("migrations", ())
    yield "database", {"service": first["service"], "migrations": first["folder"]} if first else None


def _refuse_newer(version: object) -> None:
    if type(version) is int and version > FORMAT:
        raise BadPackage(
            _(
                "This package has format {found}; this installer reads format {known}.",
                found=version,
                known=FORMAT,
            ),
            hint=_("Unpack it with tar and run the newer installer inside it: ./import-package.sh"),
        )


def _manifest(fields: Fields) -> Manifest:
    version = fields.count("format")
    return Manifest(
        format=version,
        application=fields.part("application", _application),
        source=fields.part("source", _source),
        built_with=fields.text("built_with"),
        platform=fields.text("platform", rules.platform_problem),
        compose_files=fields.texts("compose_files", path_problem),
        images=fields.parts("images", _image),
        base=_base_of(version, fields),
        files=fields.parts("files", _file),
        databases=_databases_of(version, fields),
        state=fields.texts("state", path_problem),
        smoke=fields.optional_part("smoke", _smoke),
        upgrade_from=fields.optional_text("upgrade_from", rules.range_problem),
        requirements=fields.part("requirements", _requirements),
        libraries=fields.texts("libraries"),
    )


def _application(fields: Fields) -> Application:
    return Application(
        name=fields.text("name", rules.name_problem),
        title=fields.text("title"),
        version=fields.text("version", rules.version_problem),
        project=fields.text("project", rules.project_problem),
    )


def _source(fields: Fields) -> Source:
    return Source(
        revision=fields.optional_text("revision", rules.revision_problem),
        tag=fields.optional_text("tag"),
        dirty=fields.flag("dirty"),
        committed_at=fields.optional_text("committed_at", rules.time_problem),
    )


def _image(fields: Fields) -> Image:
    return Image(
        reference=fields.text("reference", rules.reference_problem),
        id=fields.text("id", rules.digest_problem),
        platform=fields.text("platform", rules.platform_problem),
        layers=fields.parts("layers", _layer),
    )


def _layer(fields: Fields) -> Layer:
    return Layer(fields.text("diff_id", rules.digest_problem), fields.count("size_bytes"))


def _base_of(version: int, fields: Fields) -> Base | None:
    if version == FIRST_FORMAT:
        return None
    return fields.optional_part("base", _base if version <= USUAL_FORMAT else _base_with_files)


def _base_with_files(fields: Fields) -> Base:
    return replace(_base(fields), files=fields.texts("files", path_problem))


def _base(fields: Fields) -> Base:
    return Base(
        application=fields.text("application", rules.name_problem),
        version=fields.optional_text("version", rules.version_problem),
        manifest_sha256=fields.optional_text("manifest_sha256", rules.sha256_problem),
        layers=fields.texts("layers", rules.digest_problem),
    )


def _file(fields: Fields) -> File:
    return File(
        path=fields.text("path", path_problem),
        sha256=fields.text("sha256", rules.sha256_problem),
        size_bytes=fields.count("size_bytes"),
        mode=int(fields.text("mode", rules.mode_problem) or "0", 8),
    )


def _migration(fields: Fields) -> MigrationEntry:
    return MigrationEntry(
        fields.text("name", rules.folder_problem), fields.text("sha256", rules.sha256_problem)
    )


def _databases_of(version: int, fields: Fields) -> tuple[Database, ...]:
    if version > USUAL_FORMAT:
        return fields.parts("databases", _database)
    migrations = fields.parts("migrations", _migration)
    database = fields.optional_part("database", _only_database)
    if database is None and migrations:
        fields.problems.append(_("database: is missing, but there are migrations"))
    return (replace(database, migrations=migrations),) if database else ()


def _only_database(fields: Fields) -> Database:
    return Database(fields.text("service"), fields.text("migrations", path_problem))


def _database(fields: Fields) -> Database:
    return Database(
        service=fields.text("service"),
        folder=fields.text("folder", path_problem),
        migrations=fields.parts("migrations", _migration),
        engine=fields.text("engine", rules.engine_problem),
        prisma=fields.text("prisma", rules.version_problem) if fields.has("prisma") else None,
    )


def _smoke(fields: Fields) -> Smoke:
    return Smoke(fields.text("url", rules.url_problem), fields.optional_text("version"))


def _requirements(fields: Fields) -> Requirements:
    return Requirements(
        fields.text("engine", rules.version_problem), fields.text("compose", rules.version_problem)
    )
