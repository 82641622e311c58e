from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.services.kept_logs import keep_logs
from installer.site.starting.container_log import without_secrets
from installer.system.docker.docker import Engine
from installer.system.secret import Secret
from tests.mariadb.server.test_location import container
from tests.site.starting.test_health import service


def test_the_secrets_of_a_container_are_hidden_in_what_it_wrote() -> None:
    one = container(
        {"DB_PASSWORD": "hunter2", "TZ": "Asia/Seoul", "API_KEY": "abc", "DATABASE_URL": "m://u:p@db"}
    )
    text = "user u, password hunter2 at m://u:p@db in Asia/Seoul, abc\nGENERATED ROOT PASSWORD: x9=/y\n"
    assert without_secrets(text, one) == (
        "user u, password *** at *** in Asia/Seoul, abc\nGENERATED ROOT PASSWORD: ***\n"
    )


@pytest.mark.engine
def test_what_containers_wrote_is_kept_by_service_for_their_owner_alone(
    engine: Engine, tmp_path: Path
) -> None:
    with service("--env", "TOKEN=t0psecret", command="echo cannot open t0psecret; exit 3") as project:
        [one] = engine.containers(project=project)
        another = replace(one, name="web-2", environment={"TOKEN": Secret("t0psecret")})
        kept = keep_logs(engine, (one, another), tmp_path / "logs")
    assert kept == (tmp_path / "logs" / "web.log", tmp_path / "logs" / "web-2.log")
    assert {file.read_text() for file in kept} == {"cannot open ***\n"}
    assert kept[0].stat().st_mode & 0o777 == 0o600


@pytest.mark.engine
def test_logs_that_cannot_be_kept_stand_in_nobodys_way(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("a file")
    with service(command="echo hello") as project:
        assert keep_logs(engine, engine.containers(project=project), tmp_path / "logs") == ()
