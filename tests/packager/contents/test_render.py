"""The documents of a package: whole sentences in both languages, and no name that does harm."""

import hashlib
import re
import shlex
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.manifest.manifest import Requirements
from packager.contents.render import TEMPLATES, block, code, plain, render_documents
from packager.git.git_source import NO_GIT
from packager.plan.export_plan import ExportPlan, plan_export
from packager.project.database_commands import sql_text
from packager.project.project import find_project
from tests.packager.projects import COMPOSE, shop

if TYPE_CHECKING:
    from installer.database.values.address import DatabaseAddress

HOSTILE = "20260102000000_``$(touch hacked)`'\"; rm -rf <b> | # \\"
SQL = "/* Warnings:\n\n  - You drop `a` <script>\n*/\nDROP TABLE a /* \n````\n */;\n"
ALL = ("DEPLOYMENT_GUIDE.ko.md", "DEPLOYMENT_GUIDE.md", "MIGRATIONS.ko.md", "MIGRATIONS.md")


def plan_of(folder: Path) -> ExportPlan:
    return plan_export(find_project(folder), "2.1.2", NO_GIT, folder)


def documents(plan: ExportPlan, previous: str | None = None) -> dict[str, str]:
    rendered = render_documents(plan, "linux/amd64", Requirements("20.10", "2.0"), previous)
    return {name: text.decode() for name, text in rendered.items()}


@pytest.fixture
def hostile(tmp_path: Path) -> ExportPlan:
    return plan_of(shop(tmp_path, **{f"prisma/migrations/{HOSTILE}/migration.sql": SQL}))


def shell_blocks(text: str) -> list[str]:
    return re.findall(r"^```sh\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_both_documents_exist_in_both_languages(tmp_path: Path) -> None:
    assert tuple(sorted(documents(plan_of(shop(tmp_path))))) == ALL


@pytest.mark.parametrize("name", ALL)
def test_a_document_says_what_the_reader_needs(tmp_path: Path, name: str) -> None:
    text = documents(plan_of(shop(tmp_path)))[name]
    needed = {
        "MIGRATIONS": ["20260101000000_init", "CREATE TABLE `users`", "2026-01-01", "`success`", "logs"],
        "DEPLOYMENT_GUIDE": [
            "./import-package.sh", "docker load -i images.tar", "sha256sum -c SHA256SUMS", "DB_ROOT_PASSWORD",
            "data/mariadb", "shop-web:2.1.2", "/etc/localtime", "--routines", "20.10",
        ],
    }  # fmt: skip
    assert [words for words in needed[name.partition(".")[0]] if words not in text] == []
    assert ("correct-horse-battery" in text, "{{" in text, "None" in text) == (False, False, False)


@pytest.mark.parametrize("name", ALL)
def test_shell_snippets_are_shell(hostile: ExportPlan, name: str) -> None:
    for snippet in shell_blocks(documents(hostile)[name]):
        subprocess.run(("dash", "-n"), input=snippet.encode(), check=True)


@pytest.mark.parametrize("name", ["MIGRATIONS.md", "MIGRATIONS.ko.md"])
def test_a_hostile_migration_name_stays_one_word_of_the_shell(
    hostile: ExportPlan, name: str, tmp_path: Path
) -> None:
    script = f"prisma/migrations/{HOSTILE}/migration.sql"
    snippets = shell_blocks(documents(hostile)[name])
    used = [snippet for snippet in snippets if shlex.quote(script) in snippet]
    assert len(used) == 1
    (tmp_path / "shop/log").touch()
    fake = "database() { cat >> log; }\n"
    subprocess.run(("dash", "-eu"), input=(fake + used[0]).encode(), cwd=tmp_path / "shop", check=True)
    log = (tmp_path / "shop/log").read_text()
    assert SQL in log
    assert sql_text(HOSTILE) in log
    assert not (tmp_path / "shop/hacked").exists()


@pytest.mark.parametrize("name", ["MIGRATIONS.md", "MIGRATIONS.ko.md"])
def test_a_script_cannot_end_its_own_code_block(hostile: ExportPlan, name: str) -> None:
    text = documents(hostile)[name]
    assert code(HOSTILE) in text
    assert plain("You drop `a` <script>") in text
    assert "<script>" not in text
    assert "`````sql\nDROP TABLE a" in text


ROUTINE = """\
CREATE TABLE a (id INT); -- one; two
CREATE PROCEDURE p()
BEGIN
  -- inner; comment
  INSERT INTO a VALUES (1);
  INSERT INTO a VALUES (2);
END;
CALL p();
"""


@pytest.mark.engine
@pytest.mark.database
@pytest.mark.parametrize("name", ["MIGRATIONS.md", "MIGRATIONS.ko.md"])
def test_by_hand_commands_apply_and_record_a_migration_with_a_routine(
    tmp_path: Path, database: "DatabaseAddress", name: str
) -> None:
    script = "prisma/migrations/20260101000000_init/migration.sql"
    folder = shop(tmp_path, **{script: ROUTINE})
    by_hand = "".join(shell_blocks(documents(plan_of(folder))[name])[-2:])
    inside = f"docker exec -i -e MARIADB_DATABASE={database.database} {database.container_id}"
    ask = "database -N -e 'SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations;"
    ask += " SELECT * FROM a'"
    words = by_hand.replace("docker compose exec -T db", inside) + ask
    told = subprocess.run(("sh", "-eu"), input=words, cwd=folder, capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["20260101000000_init", "1", "1", "2"]


@pytest.mark.parametrize("name", ["DEPLOYMENT_GUIDE.md", "DEPLOYMENT_GUIDE.ko.md"])
def test_by_hand_the_site_makes_its_folders_and_waits_for_its_database(tmp_path: Path, name: str) -> None:
    first, database, last = shell_blocks(documents(plan_of(shop(tmp_path)))[name])[-4:-1]
    assert first.splitlines()[1:] == [
        "docker load -i images.tar",
        "mkdir -p data/mariadb uploads",
        "cp .env.example .env && chmod 600 .env",
    ]
    assert (database.splitlines()[0], database.splitlines()[2][:8]) == ("docker compose up -d db", "until da")
    assert last == "docker compose up -d\ndocker compose ps\n"


def test_the_guide_says_its_messages_in_the_language_of_the_guide(tmp_path: Path) -> None:
    found = documents(plan_of(shop(tmp_path)))
    assert "*The container name … is taken by another container.*" in found["DEPLOYMENT_GUIDE.md"]
    korean = found["DEPLOYMENT_GUIDE.ko.md"]
    assert "is taken by another container" not in korean


def test_only_new_migrations_are_told_when_the_previous_release_is_known(tmp_path: Path) -> None:
    folder = shop(tmp_path, **{"prisma/migrations/20260102000000_more/migration.sql": "SELECT 1;"})
    plan = plan_export(
        find_project(folder), "2.1.2", NO_GIT, folder, previous_migrations={"db": ("20260101000000_init",)}
    )
    text = documents(plan, "2.1.1")["MIGRATIONS.md"]
    assert "1 new since 2.1.1" in text
    assert "20260101000000_init" not in text


def test_the_two_languages_tell_the_same(tmp_path: Path) -> None:
    found = documents(plan_of(shop(tmp_path)))
    for name in ("MIGRATIONS", "DEPLOYMENT_GUIDE"):
        english, korean = found[f"{name}.md"], found[f"{name}.ko.md"]
        assert english.count("\n## ") == korean.count("\n## ")
        strip = re.compile(r"#.*|old-directory|이전-디렉터리")
        assert [strip.sub("", s) for s in shell_blocks(english)] == [
            strip.sub("", s) for s in shell_blocks(korean)
        ]


def test_templates_are_there_in_both_languages() -> None:
    assert {p.name for p in (TEMPLATES / "en").iterdir()} == {p.name for p in (TEMPLATES / "ko").iterdir()}


@given(st.text())
def test_inline_code_and_blocks_hold_any_text(text: str) -> None:
    fence = re.match("`+", block(text, "sql"))
    assert fence and fence[0] not in text
    ticks = re.match("`+", code(text or "x"))
    assert ticks and ticks[0] not in re.findall("`+", text)


FOR_POSTGRESQL = {
    "docker-compose.yml": COMPOSE.replace("mariadb:10.11", "postgres:17"),
    "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
    "prisma/migrations/20260101000000_init/migration.sql": 'CREATE TABLE "User" ("id" INTEGER NOT NULL);\n',
    "prisma/migrations/20260102000000_it's/migration.sql": 'ALTER TABLE "User" ALTER "id" TYPE BIGINT;\n',
    "prisma/migrations/20260103000000_index/migration.sql": (
        'SELECT 1;\nCREATE INDEX CONCURRENTLY "k" ON "User"("id");\n'
    ),
}
JUDGED = """\
**Line 1: changes, blocks reads and writes while it runs.** Changes a column.

- PG301: id of User changes from INTEGER to BIGINT: the table and its indexes are rewritten while reads and \
writes wait.
- PG108: No lock\\_timeout is set: while this waits for the lock on User, all others wait behind it. With \
Prisma, run first: SET lock\\_timeout = '5s'. Airlock sets its own.

```sql
ALTER TABLE "User" ALTER "id" TYPE BIGINT
```
"""
BY_HAND = """\
database --single-transaction < 'prisma/migrations/20260102000000_it'"'"'s/migration.sql'
database <<'SQL'
INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name, logs, applied_steps_count)
VALUES (gen_random_uuid(), '{sha256}', now(), '20260102000000_it''s', '', 1);
SQL
"""


def test_only_a_release_with_postgresql_tells_of_another_major_version(tmp_path: Path) -> None:
    told = {
        name: "`/var/lib/postgresql`"
        in documents(plan_of(shop(tmp_path / name, **files)))["DEPLOYMENT_GUIDE.md"]
        for name, files in (("mariadb", {}), ("postgresql", FOR_POSTGRESQL))
    }
    assert told == {"mariadb": False, "postgresql": True}


def test_migrations_for_postgresql_are_judged_and_applied_by_hand_as_postgresql_does(tmp_path: Path) -> None:
    found = documents(plan_of(shop(tmp_path, **FOR_POSTGRESQL)))
    text = found["MIGRATIONS.md"]
    sha256 = hashlib.sha256(FOR_POSTGRESQL["prisma/migrations/20260102000000_it's/migration.sql"].encode())
    assert JUDGED in text
    assert BY_HAND.format(sha256=sha256.hexdigest()) in shell_blocks(text)
    assert "**Line 1: changes nothing.** Changes nothing." in text
    assert "\ndatabase < prisma/migrations/20260103000000_index/migration.sql\n" in text
    assert [word for word in ("MariaDB", "UUID()", "DATETIME") if word in text] == []
    assert shell_blocks(text)[3:] == shell_blocks(found["MIGRATIONS.ko.md"])[3:]


@pytest.mark.parametrize(
    ("prisma", "words", "flag"),
    [
        (
            None,
            "is not known: the installer applies scripts as Prisma up to 7.3 does.",
            "--single-transaction ",
        ),
        ("7.3.0", "This project has Prisma 7.3.0, and the installer does the same.", "--single-transaction "),
        ("7.4.0", "This project has Prisma 7.4.0, and the installer does the same.", ""),
    ],
)
def test_the_guide_says_in_which_transactions_the_project_s_prisma_applies_a_script(
    tmp_path: Path, prisma: str | None, words: str, flag: str
) -> None:
    lock = {"yarn.lock": f'prisma@*:\n  version "{prisma}"\n'} if prisma else {}
    two = {"prisma/migrations/20260102000000_two/migration.sql": "CREATE TABLE a (i int);\nDROP TABLE a;\n"}
    text = documents(plan_of(shop(tmp_path, **FOR_POSTGRESQL, **lock, **two)))["MIGRATIONS.md"]
    assert words in text
    assert f"\ndatabase {flag}< prisma/migrations/20260102000000_two/migration.sql\n" in text
    in_parts = "`20260102000000_two`, `20260103000000_index`" if not flag else "`20260103000000_index`"
    assert f"so that statements before a failed one remain: {in_parts}. Either way, a rollback" in text


@pytest.mark.engine
@pytest.mark.database
@pytest.mark.parametrize("schema", ["public", "Sales"])
def test_by_hand_commands_apply_and_record_migrations_for_postgresql(
    tmp_path: Path, pg: "DatabaseAddress", schema: str
) -> None:
    url = f"\n    environment: {{DATABASE_URL: 'postgres://u:p@db/app?schema=${{SCHEMA:-{schema}}}'}}"
    compose = FOR_POSTGRESQL["docker-compose.yml"].replace("build: ./web", f"build: ./web{url}")
    folder = shop(tmp_path, **{**FOR_POSTGRESQL, "docker-compose.yml": compose})
    by_hand = "".join(shell_blocks(documents(plan_of(folder))["MIGRATIONS.md"])[3:])
    inside = f"docker exec -i -e POSTGRES_DB={pg.database} {pg.container_id}"
    ask = "database --tuples-only --no-align"
    ask += " -c 'SELECT migration_name, finished_at IS NOT NULL FROM _prisma_migrations ORDER BY 1'"
    ask += " -c 'SELECT indisvalid FROM pg_index ORDER BY indexrelid DESC LIMIT 1'"
    ask += " -c 'SELECT relnamespace::regnamespace FROM pg_class WHERE relname = $$_prisma_migrations$$'"
    words = by_hand.replace("docker compose exec -T db", inside) + ask
    told = subprocess.run(("sh", "-eu"), input=words, cwd=folder, capture_output=True, text=True, check=True)
    rows = ["20260101000000_init|t", "20260102000000_it's|t", "20260103000000_index|t", "t"]
    assert told.stdout.split("\n")[-6:-1] == [*rows, '"Sales"' if schema == "Sales" else "public"]


TWO_DATABASES = {
    "docker-compose.yml": "services:\n"
    '  users: {image: "nginx:1.24", environment: {DATABASE_URL: "mysql://users-db/app"}}\n'
    '  users-db: {image: "mariadb:10.11"}\n'
    '  orders-db: {image: "postgres:17"}\n',
}


def later_in(guide: str) -> list[str]:
    """The commands that restore something."""
    return [line for line in guide.splitlines() if line.startswith("./airlock restore ")]


def test_the_guide_restores_several_databases_together_and_names_their_own_programs(tmp_path: Path) -> None:
    found = documents(plan_of(shop(tmp_path, **TWO_DATABASES)))
    together, one, dump = later_in(found["DEPLOYMENT_GUIDE.md"])
    assert "made together of users-db, orders-db: all or none" in together
    assert one.split()[2] == "backups/backup_before_migration_20260101_120000_users-db.sql.gz"
    assert dump.startswith("./airlock restore --database users-db backup.sql ")
    assert "made with mysqldump or mariadb-dump or pg_dump," in dump
    korean = later_in(found["DEPLOYMENT_GUIDE.ko.md"])
    assert [line.split("#")[0] for line in korean] == [line.split("#")[0] for line in (together, one, dump)]


def test_the_guide_of_a_release_with_postgresql_speaks_of_no_other_server(tmp_path: Path) -> None:
    found = documents(plan_of(shop(tmp_path, **FOR_POSTGRESQL)))
    for name in ("DEPLOYMENT_GUIDE.md", "DEPLOYMENT_GUIDE.ko.md"):
        text = found[name].replace("data/mariadb", "")  # the folder of the project
        assert [word for word in ("mysql", "mariadb", "MariaDB", "MySQL") if word in text] == []
    assert len(later_in(found["DEPLOYMENT_GUIDE.md"])) == 2
