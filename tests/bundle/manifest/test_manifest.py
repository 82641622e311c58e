import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from installer.bundle.manifest.manifest import (
    Base,
    Database,
    File,
    Layer,
    Manifest,
    MigrationEntry,
    format_of,
)
from installer.bundle.manifest.manifest_file import dump_manifest, parse_manifest
from installer.errors import BadPackage
from tests.bundle.builders import CONTENTS, SCRIPT, a_file, a_manifest, an_image, sha256
from tests.bundle.manifests import manifests

INIT = a_manifest().migrations
Edit = Callable[[dict[str, object]], object]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(manifests())
def test_a_manifest_reads_as_it_was_written(manifest: Manifest) -> None:
    raw = dump_manifest(manifest)
    assert parse_manifest(raw) == manifest
    assert dump_manifest(parse_manifest(raw)) == raw


def test_a_manifest_is_written_in_the_order_of_its_fields_and_ends_a_line() -> None:
    lines = dump_manifest(a_manifest()).decode().splitlines(keepends=True)
    assert lines[:3] == ["{\n", '  "format": 2,\n', '  "application": {\n']
    assert lines[-1] == "}\n"
    assert '      "mode": "0755"\n' in lines


def test_a_manifest_of_the_first_format_has_no_base_and_is_written_back_unchanged() -> None:
    raw = dump_manifest(a_manifest(format=1))
    assert b'"base"' not in raw
    assert parse_manifest(raw) == a_manifest(format=1)
    assert dump_manifest(parse_manifest(raw)) == raw
    assert _problems({**json.loads(raw), "base": None}) == ("base: unknown key",)


def test_a_base_is_a_release_or_an_inventory() -> None:
    for base in (RELEASE, replace(RELEASE, version=None, manifest_sha256=None)):
        assert parse_manifest(dump_manifest(a_manifest(base=base))).base == base


def test_files_that_a_delta_leaves_out_need_format_3() -> None:
    manifest = with_base(files=PYTHON)
    raw = dump_manifest(manifest)
    assert parse_manifest(raw) == manifest
    assert [file.path for file in manifest.left_out_files] == [*PYTHON]
    assert {file.path for file in manifest.carried_files} == {*CONTENTS}
    assert (format_of(manifest.base, ()), format_of(RELEASE, ()), format_of(None, ())) == (3, 2, 2)
    assert "base.files: unknown key" in _problems({**json.loads(raw), "format": 2})
    assert b"runtime" not in dump_manifest(a_manifest(base=RELEASE))


def test_all_problems_of_a_base_are_told() -> None:
    document = {
        **_document(),
        "base": {"application": "/", "version": "x", "manifest_sha256": "A", "layers": [""]},
    }
    assert _problems(document) == (
        'base.application: must be letters, digits, space, . _ -: "/"',
        'base.layers[0]: must be sha256: and 64 hexadecimal digits: ""',
        'base.manifest_sha256: must be 64 hexadecimal digits: "A"',
        'base.version: must be a version like 2.1.2: "x"',
    )


def test_all_problems_are_told_together_with_their_places() -> None:
    document = _document()
    document["application"] = {
        "name": "../x",
        "title": "a\nb",
        "version": "latest",
        "project": "-p",
        "x\n": 1,
    }
    document["source"] = []
    document["built_with"] = 7
    del document["platform"]
    document["images"] = [
        {"reference": "-x", "id": "sha256:0", "platform": "windows/amd64", "layers": [1, {}]}
    ]
    document["files"] = [{"path": "../x", "sha256": "A" * 64, "size_bytes": -1, "mode": "4755"}]
    document["state"] = "data"
    document["smoke"] = {"url": "file:///etc/passwd", "version": None}
    document["upgrade_from"] = "~2"
    document["extra"] = True
    assert _problems(document) == (
        "application.name: must be letters, digits, space, . _ -: \"../x\"",
        'application.project: must be lower-case letters, digits, _ -: "-p"',
        'application.title: contains unprintable characters: "a\\nb"',
        'application.version: must be a version like 2.1.2: "latest"',
        "application.x\\n: unknown key",
        "built_with: must be a string: 7",
        "extra: unknown key",
        "files[0].mode: must be 0644 or 0755: \"4755\"",
        'files[0].path: leaves the directory through `..`: "../x"',
        f"files[0].sha256: must be 64 hexadecimal digits: \"{'A' * 64}\"",
        "files[0].size_bytes: must be an integer of at least 0: -1",
        'images[0].id: must be sha256: and 64 hexadecimal digits: "sha256:0"',
        "images[0].layers[0]: must be an object: 1",
        "images[0].layers[1].diff_id: missing",
        "images[0].layers[1].size_bytes: missing",
        'images[0].platform: must be a platform like linux/amd64: "windows/amd64"',
        'images[0].reference: must be an image name with a tag: "-x"',
        "platform: missing",
        'smoke.url: must be a URL with http:// or https://: "file:///etc/passwd"',
        "source: must be an object: []",
        'state: must be a list: "data"',
        'upgrade_from: must be a range of versions like >=2.0.0,<3: "~2"',
    )  # fmt: skip


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("built_with", True),
        ("format", True),
        ("format", 1.0),
        ("format", "1"),
        ("libraries", [1]),
        ("state", {}),
    ],
)
def test_types_are_strict(place: str, value: object) -> None:
    (problem,) = _problems({**_document(), place: value})
    assert problem.startswith(place)


def test_a_newer_format_is_refused_by_that_alone() -> None:
    with pytest.raises(BadPackage) as refused:
        parse_manifest(b'{"format": 4, "something": "new"}')
    assert str(refused.value) == (
        "This package has format 4; this installer reads format 3.\n"
        "Unpack it with tar and run the newer installer inside it: ./import-package.sh"
    )


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b"[]", "it is not a JSON object"),
        (b'{"a": 1, "a": 2}', "the key a appears twice"),
        (b'{"a": NaN}', "NaN is not allowed in JSON"),
        (b'{"a": 1} x', "Extra data: line 1 column 10 (char 9)"),
    ],
)
def test_what_is_no_manifest_is_refused_with_the_reason(raw: bytes, problem: str) -> None:
    with pytest.raises(BadPackage) as refused:
        parse_manifest(raw)
    assert str(refused.value) == f"manifest.json cannot be read: {problem}."


@pytest.mark.parametrize("raw", [b"\xff\xfe", b'{"a": ' + b"[" * 100_000, b'{"a": ' + b"9" * 10_000 + b"}"])
def test_bytes_made_to_break_a_reader_are_refused(raw: bytes) -> None:
    with pytest.raises(BadPackage):
        parse_manifest(raw)


def test_a_hostile_name_that_does_no_harm_is_kept() -> None:
    contents = {**CONTENTS, 'it\'s $(rm -rf ~) "x" \\': b""}
    assert parse_manifest(dump_manifest(a_manifest(contents))) == a_manifest(contents)


RELEASE = Base("customer_vault", "2.1.1", "e" * 64, (an_image().layers[0].diff_id,))
PYTHON = ("runtime/bin/python3", "runtime/lib/python311.zip")


def with_database(folder: str = "prisma/migrations", migrations: tuple[MigrationEntry, ...] = ()) -> Manifest:
    return a_manifest(databases=(Database("db", folder, migrations),))


def with_base(**changes: object) -> Manifest:
    """The manifest of a delta that leaves out its Python, with some members of its base changed."""
    base = replace(RELEASE, **changes)  # type: ignore[arg-type]
    return a_manifest({**CONTENTS, **dict.fromkeys(PYTHON, b"")}, format=3, base=base)


OTHER = replace(an_image("other:1"), id=an_image().id, layers=(Layer(f"sha256:{'0' * 64}", 1),))


@pytest.mark.parametrize(
    ("manifest", "problems"),
    [
        (a_manifest(format=0), ["format: must be 1 to 3"]),
        (a_manifest(images=(an_image(), an_image())), ["images: customer-vault-web:2.1.2 appears 2 times"]),
        (
            a_manifest(images=(replace(an_image(), platform="linux/arm64"),)),
            ["images[0].platform: linux/arm64 is not the package's"],
        ),
        (a_manifest(images=(an_image(), OTHER)), ["images[1].layers: differ from those of the same image"]),
        (a_manifest(compose_files=()), ["compose_files: is empty"]),
        (a_manifest(compose_files=("x.yml",)), ["files: x.yml is not listed"]),
        (
            a_manifest({**CONTENTS, ".env": b""}),
            ["files[0]: .env belongs to the site or to the package itself"],
        ),
        (
            a_manifest({**CONTENTS, "manifest.json": b""}),
            ["files[5]: manifest.json belongs to the site or to the package itself"],
        ),
        (
            a_manifest({**CONTENTS, "uploads/x": b""}),
            ["files[7]: uploads/x belongs to the site or to the package itself"],
        ),
        (a_manifest(state=("data", "data/mariadb")), ["state[1]: data/mariadb conflicts with data"]),
        (
            a_manifest(state=(".airlock/x",)),
            ["state[0]: .airlock/x is a file of the package or the installer's own"],
        ),
        (
            a_manifest(base=replace(RELEASE, layers=(f"sha256:{'0' * 64}",))),
            [f"base.layers[0]: no image has the layer sha256:{'0' * 64}"],
        ),
        (
            a_manifest(base=replace(RELEASE, layers=RELEASE.layers * 2)),
            [f"base.layers: {RELEASE.layers[0]} appears 2 times"],
        ),
        (
            a_manifest(base=replace(RELEASE, version=None)),
            ["base: version and manifest_sha256 must both be set or both be null"],
        ),
        (with_base(files=PYTHON[:1]), ["base.files: must be all files in runtime, or none"]),
        (
            with_base(files=(*PYTHON, "docker-compose.yml")),
            ["base.files: must be all files in runtime, or none"],
        ),
        (with_base(files=(*PYTHON, PYTHON[0])), [f"base.files: {PYTHON[0]} appears 2 times"]),
        (
            with_base(files=PYTHON, version=None, manifest_sha256=None),
            ["base.files: only a release can be the base"],
        ),
        (with_database(), [f"migrations: {SCRIPT} differs from the list of files"]),
        (
            with_database(migrations=(MigrationEntry("20250101000000_init", sha256(b"other")),)),
            [f"migrations: {SCRIPT} differs from the list of files"],
        ),
        (
            with_database(folder="elsewhere", migrations=INIT),
            ["migrations: elsewhere/20250101000000_init/migration.sql differs from the list of files"],
        ),
        (
            a_manifest(
                format=3, databases=(Database("db", "prisma/migrations", INIT), Database("db", "other"))
            ),
            ["databases: db appears 2 times"],
        ),
        (
            a_manifest(
                format=3,
                databases=(
                    Database("db", "prisma/migrations", INIT),
                    Database("b", "prisma/migrations", INIT),
                ),
            ),
            ["databases: prisma/migrations appears 2 times"],
        ),
    ],
)
def test_contradictions_are_refused(manifest: Manifest, problems: list[str]) -> None:
    assert _problems(json.loads(dump_manifest(manifest))) == tuple(problems)


def test_a_package_of_an_old_format_with_migrations_names_their_database() -> None:
    assert _problems({**_document(), "database": None}) == ("database: is missing, but there are migrations",)


def test_several_databases_and_other_engines_need_format_3() -> None:
    users = Database("users-db", "prisma/users-db/migrations", engine="postgresql")
    databases = (Database("db", "prisma/migrations", INIT), users)
    raw = dump_manifest(a_manifest(format=3, databases=databases))
    assert parse_manifest(raw) == a_manifest(format=3, databases=databases)
    assert json.loads(raw)["databases"][1] == {
        "service": "users-db",
        "folder": "prisma/users-db/migrations",
        "migrations": [],
        "engine": "postgresql",
    }
    formats = [format_of(None, found) for found in ((), databases[:1], databases, (users,))]
    assert formats == [2, 2, 3, 3]
    assert _problems({**json.loads(raw), "database": None}) == ("database: unknown key",)


def test_a_database_may_say_the_version_of_its_project_s_prisma_and_need_not() -> None:
    users = Database("users-db", "prisma/users-db/migrations", engine="postgresql", prisma="7.4.1")
    manifest = a_manifest(format=3, databases=(users,))
    document = json.loads(dump_manifest(manifest))
    assert document["databases"][0]["prisma"] == "7.4.1"
    assert parse_manifest(dump_manifest(manifest)) == manifest
    document["databases"][0]["prisma"] = "newest"
    assert _problems(document) == ('databases[0].prisma: must be a version like 2.1.2: "newest"',)


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("docker-compose.yml", "docker-compose.yml conflicts with docker-compose.yml"),
        ("Docker-Compose.yml", "Docker-Compose.yml conflicts with docker-compose.yml"),
        ("proxy", "proxy/nginx.conf conflicts with proxy"),
        ("airlock/x", "airlock/x conflicts with airlock"),
    ],
)
def test_files_that_cannot_stand_side_by_side_are_refused(path: str, problem: str) -> None:
    manifest = a_manifest()
    files: tuple[File, ...] = (*manifest.files, a_file(path, b""))
    (found,) = _problems(json.loads(dump_manifest(replace(manifest, files=files))))
    assert found.endswith(problem)


def test_the_package_must_hold_what_an_import_needs() -> None:
    manifest = a_manifest({"docker-compose.yml": b""})
    assert _problems(json.loads(dump_manifest(manifest))) == (
        "files: installer.pyz is not listed",
        "files: import-package.sh is not listed",
        "files: airlock is not listed",
        "files: images.tar is not listed",
    )


def _document() -> dict[str, object]:
    document: dict[str, object] = json.loads(dump_manifest(a_manifest()))
    return document


def _problems(document: dict[str, object]) -> tuple[str, ...]:
    with pytest.raises(BadPackage) as refused:
        parse_manifest(json.dumps(document).encode())
    assert refused.value.happened == "manifest.json is not a valid manifest."
    return refused.value.details
