"""Finding everything about a project by itself."""

from pathlib import Path

import pytest

from installer.errors import AirlockError, UsageProblem
from packager.project.project import compose_project, find_project
from packager.project.project_files import ProjectFiles
from tests.packager.projects import COMPOSE, SCRIPT, shop, write

HOSTILE = "20260102000000_`$(touch hacked)`'\"; rm -rf"
OF_WINDOWS = "services.web {}: is a path of Windows, and sites run Linux: write / between folders."


def refusal(folder: Path) -> AirlockError:
    with pytest.raises(AirlockError) as refused:
        find_project(folder)
    return refused.value


def test_a_project_is_found_from_its_compose_file_alone(tmp_path: Path) -> None:
    project = find_project(shop(tmp_path))
    assert (project.name, project.title, project.project) == ("shop", "shop", "shop")
    assert project.files == ProjectFiles(
        shipped=(".env.example", "proxy/nginx.conf"),
        state=("data/mariadb", "uploads"),
        from_site=(".env",),
        left_alone=("/etc/localtime (web)",),
    )
    (database,) = project.databases
    assert (database.service, database.engine, database.folder) == ("db", "mariadb", "prisma/migrations")
    found = database.migrations
    assert found is not None
    assert (found.folder, found.schema) == ("prisma/migrations", "prisma/schema.prisma")
    assert [migration.script for migration in found.all] == [SCRIPT]


def test_airlock_yml_comes_before_what_is_found(tmp_path: Path) -> None:
    settings = "name: Big Shop\ntitle: The Shop\nstate: [data, uploads]\nfiles: [docs]\n"
    project = find_project(
        shop(tmp_path, **{"airlock.yml": settings, "docs/a.txt": "a", "docs/b/c.txt": "c"})
    )
    assert (project.name, project.title, project.project) == ("Big Shop", "The Shop", "bigshop")
    assert project.files.state == ("data", "uploads")
    assert project.files.shipped == (".env.example", "docs/a.txt", "docs/b/c.txt", "proxy/nginx.conf")


def test_an_override_file_is_noticed_and_not_packed(tmp_path: Path) -> None:
    project = find_project(shop(tmp_path, **{"docker-compose.override.yml": "services: {}"}))
    assert project.override == "docker-compose.override.yml"
    assert [file.name for file in project.compose.files] == ["docker-compose.yml"]


@pytest.mark.parametrize(
    ("name", "becomes"), [("Customer Vault", "customervault"), ("_-x.y_Z", "xy_z"), ("고객", "")]
)
def test_a_project_name_follows_composes_own_rules(name: str, becomes: str) -> None:
    assert compose_project(name) == becomes


def test_a_directory_without_compose_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path).happened == f"There is no compose file in {tmp_path}."


def test_compose_files_that_airlock_yml_names_must_be_there(tmp_path: Path) -> None:
    folder = shop(tmp_path, **{"airlock.yml": "compose: [a.yml, deploy/b.yml]"})
    assert refusal(folder).details == (
        "a.yml: does not exist",
        "deploy/b.yml: is not in the same folder as airlock.yml",
    )


def test_several_folders_with_migrations_are_an_error_that_names_them(tmp_path: Path) -> None:
    folder = shop(tmp_path, **{"old/migrations/1_a/migration.sql": "SELECT 1;"})
    error = refusal(folder)
    assert error.details == ("old/migrations", "prisma/migrations")
    assert error.hint == "Specify the right folder in airlock.yml: `migrations: old/migrations`"


def test_a_migration_folder_without_script_is_refused(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    (folder / "prisma/migrations/20260102000000_empty").mkdir()
    assert refusal(folder).details == ("20260102000000_empty: migration.sql is missing (Prisma P3015)",)


def test_a_migration_with_a_name_that_cannot_be_shown_is_refused(tmp_path: Path) -> None:
    folder = shop(tmp_path, **{"prisma/migrations/a\nb/migration.sql": "SELECT 1;"})
    assert refusal(folder).details == ("a\\nb: contains unprintable characters",)


def test_a_hostile_migration_name_is_only_a_name(tmp_path: Path) -> None:
    project = find_project(shop(tmp_path, **{f"prisma/migrations/{HOSTILE}/migration.sql": "SELECT 1;"}))
    found = project.databases[0].migrations
    assert found is not None
    assert [migration.name for migration in found.all] == ["20260101000000_init", HOSTILE]


@pytest.mark.parametrize(
    "image",
    [
        "mysql",
        "bitnami/mariadb:11",
        "registry:5000/x/mysql:8",
        "${REG:-}mariadb:${V:-10}",
        "bitnami/mariadb-galera",
        "percona/percona-server:8",
        "mysql-cluster",
    ],
)
def test_the_database_is_found_by_its_image(tmp_path: Path, image: str) -> None:
    folder = shop(tmp_path, **{"docker-compose.yml": COMPOSE.replace("mariadb:10.11", image)})
    assert find_project(folder).database_services == ("db",)


@pytest.mark.parametrize("image", ["redis:7", "prom/mysqld-exporter", "phpmyadmin"])
def test_migrations_without_a_database_are_refused(tmp_path: Path, image: str) -> None:
    folder = shop(tmp_path, **{"docker-compose.yml": COMPOSE.replace("mariadb:10.11", image)})
    assert refusal(folder).happened == "There are migrations, but no database service was found."


def test_an_external_secret_is_refused_with_its_place(tmp_path: Path) -> None:
    compose = COMPOSE.replace("build: ./web", "build: ./web\n    secrets: [key]")
    folder = shop(tmp_path, **{"docker-compose.yml": f"{compose}secrets: {{key: {{external: true}}}}\n"})
    (problem,) = refusal(folder).details
    assert problem.startswith("docker-compose.yml:15 secrets.key: external secrets require Docker Swarm.")


def mounting(folder: Path, *volumes: str, **files: str | bytes) -> Path:
    lines = "".join(f"      - {volume}\n" for volume in volumes)
    text = f"services:\n  web:\n    image: busybox\n    volumes:\n{lines}"
    return write(folder, {"compose.yml": text, **files})


def test_a_folder_that_one_service_writes_is_state_for_all(tmp_path: Path) -> None:
    folder = mounting(tmp_path, "./files:/in:ro", "./files:/out", **{"files/a": "a"})
    assert find_project(folder).files.state == ("files",)
    assert find_project(folder).files.shipped == ()


def test_a_read_only_folder_with_content_is_shipped_and_an_empty_one_is_the_sites(tmp_path: Path) -> None:
    folder = mounting(
        tmp_path, "./conf:/conf:ro", "./certs:/certs:ro", **{"conf/a": "a", "certs/.gitkeep": ""}
    )
    assert (find_project(folder).files.shipped, find_project(folder).files.state) == (("conf/a",), ("certs",))


def test_scripts_for_a_databases_first_start_are_shipped_though_mounted_writable(tmp_path: Path) -> None:
    folder = mounting(tmp_path, "./initdb:/docker-entrypoint-initdb.d", **{"initdb/a.sql": "SELECT 1;"})
    assert find_project(folder).files.shipped == ("initdb/a.sql",)


def test_secrets_inside_shipped_folders_stay_behind(tmp_path: Path) -> None:
    pem = "-----BEGIN PRIVATE KEY-----\n"
    files = {
        "conf/a": "a",
        "conf/.env": "S=1",
        "conf/app.env": "S=1",
        "conf/tls.key": "k",
        "conf/server.pem": pem,
    }
    found = find_project(mounting(tmp_path, "./conf:/conf:ro", **files)).files
    assert found.shipped == ("conf/a",)
    assert found.from_site == ("conf/.env", "conf/app.env", "conf/server.pem", "conf/tls.key")


def test_secret_files_and_env_files_are_named_as_the_sites_and_configs_are_shipped(tmp_path: Path) -> None:
    text = (
        "services:\n  web:\n    image: x\n    env_file: [{path: ./app.env, required: false}, web.txt]\n"
        "configs: {c: {file: ./c.conf}}\nsecrets: {s: {file: ./s.txt}}\n"
    )
    found = find_project(
        write(tmp_path, {"compose.yml": text, "c.conf": "c", "s.txt": "s", "web.txt": "w"})
    ).files
    assert (found.shipped, found.from_site) == (("c.conf",), ("app.env", "s.txt", "web.txt"))


@pytest.mark.parametrize(
    ("volume", "problem"),
    [
        (".:/app", "services.web .: the whole project cannot be packed as one mount."),
        ("../shared:/shared", "services.web ../shared: is outside the project."),
        (
            "./nginx.conf:/etc/nginx.conf:ro",
            "services.web ./nginx.conf: this file or folder does not exist; if each site has its own, list "
            "it under `state:` in airlock.yml.",
        ),
        (".\\data:/data", OF_WINDOWS.format(".\\data")),
        ("C:\\data:/data:ro", OF_WINDOWS.format("C:\\data")),
        ("d:/data/db:/var/lib/mysql", OF_WINDOWS.format("d:/data/db")),
    ],
)
def test_mounts_that_cannot_be_packed_are_refused(tmp_path: Path, volume: str, problem: str) -> None:
    assert refusal(mounting(tmp_path, volume)).details == (problem,)


def test_links_that_leave_the_project_are_refused_and_others_are_shipped_as_files(tmp_path: Path) -> None:
    folder = mounting(tmp_path / "p", "./conf:/conf:ro", **{"conf/a": "a"})
    (folder / "conf/inside").symlink_to("a")
    assert find_project(folder).files.shipped == ("conf/a", "conf/inside")
    (folder / "conf/outside").symlink_to("/etc/passwd")
    (folder / "conf/etc").symlink_to("/etc")
    assert refusal(folder).details == (
        "services.web ./conf: conf/etc is a link to a folder.",
        "services.web ./conf: conf/outside: the link points outside the project.",
    )


def test_a_file_that_lies_in_the_sites_state_is_refused(tmp_path: Path) -> None:
    folder = mounting(tmp_path, "./data:/data", "./data/init.sql:/init.sql:ro", **{"data/init.sql": ""})
    assert refusal(folder).details == (
        "services.web ./data/init.sql: this file is inside data, which contains site data, so it cannot be "
        "packed.",
    )


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    assert refusal(write(tmp_path, {"compose.yml": b"a: \xff"})).happened == "compose.yml is not UTF-8 text."


def test_a_name_that_no_file_could_have_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path / "고객", {"compose.yml": "services: {a: {image: a}}"})
    assert isinstance(refusal(folder), UsageProblem)
    assert refusal(folder).hint == "Set another name in airlock.yml: `name: …`"
