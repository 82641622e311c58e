from pathlib import Path

import pytest

from installer.site.files.needed_files import NeededFile, missing_files, needed_files
from tests.packager.projects import write

COMPOSE = """
services:
  web:
    env_file: app.env
  worker:
    env_file:
      - ./conf/${STAGE}.env
      - {path: maybe.env, required: false}
      - /etc/vault/all.env
      - ${NOBODY}.env
  plain: {image: x}
secrets:
  db: {file: ./secrets/db.txt}
  outside: {file: ../shared/key}
  there: {external: true}
configs:
  own: {file: own.conf}
"""


def test_everything_that_compose_files_name_is_found(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text(COMPOSE)
    (tmp_path / "tls.key").mkdir()
    state = ("uploads", "tls.key", "mail/server.p12", "app.env")
    assert needed_files(tmp_path, ("docker-compose.yml",), state, {"STAGE": "prod"}) == (
        NeededFile("mail/server.p12", is_read_first=False),
        NeededFile("app.env", is_read_first=False),
        NeededFile("app.env", is_read_first=True),
        NeededFile("conf/prod.env", is_read_first=True),
        NeededFile("maybe.env", is_read_first=True, is_required=False),
        NeededFile("/etc/vault/all.env", is_read_first=True),
        NeededFile("secrets/db.txt", is_read_first=False),
        NeededFile(str(tmp_path.parent / "shared" / "key"), is_read_first=False),
        NeededFile("own.conf", is_read_first=False),
    )


FILES: dict[str, str | bytes] = {
    "compose.yml": """
include:
  - db/compose.yml
  - {path: [queue/a.yml, queue/b.yml], env_file: [queue/queue.env]}
  - {path: mail/compose.yml, project_directory: .}
x-common: &common
  env_file: [common.env]
services:
  web: {<<: *common, image: a}
  worker: {<<: [{image: b}, *common], extends: {file: base/compose.yml, service: tool}}
""",
    "db/compose.yml": """
services: {db: {image: c, env_file: db.env}}
secrets: {password: {file: password.txt}}
""",
    "queue/a.yml": "services: {queue: {image: d, env_file: [{path: maybe.env, required: false}]}}",
    "queue/b.yml": "services: {queue: {env_file: ../maybe.env}}",
    "mail/compose.yml": "services: {mail: {image: e, env_file: mail.env}}",
    "base/compose.yml": """
services:
  tool: {extends: {service: tools}, env_file: tool.env}
  tools: {image: f, env_file: tools.env}
  unused: {image: g, env_file: unused.env}
""",
}


def test_what_included_and_extended_files_and_merge_keys_name_is_found_in_their_folders(
    tmp_path: Path,
) -> None:
    write(tmp_path, FILES)
    assert needed_files(tmp_path, ("compose.yml",), (), {}) == (
        NeededFile("db/.env", is_read_first=False, is_required=False),
        NeededFile("queue/queue.env", is_read_first=True),
        NeededFile("common.env", is_read_first=True),
        NeededFile("base/tool.env", is_read_first=True),
        NeededFile("base/tools.env", is_read_first=True),
        NeededFile("db/db.env", is_read_first=True),
        NeededFile("queue/maybe.env", is_read_first=True, is_required=False),
        NeededFile("maybe.env", is_read_first=True),
        NeededFile("mail.env", is_read_first=True),
        NeededFile("db/password.txt", is_read_first=False),
    )


def test_a_file_that_one_service_can_do_without_is_required_by_another(tmp_path: Path) -> None:
    services = "a: {env_file: a.env}, b: {env_file: [{path: a.env, required: false}]}"
    write(tmp_path, {"compose.yml": f"services: {{{services}}}"})
    assert needed_files(tmp_path, ("compose.yml",), (), {}) == (NeededFile("a.env", is_read_first=True),)


def test_dev_null_for_no_settings_of_an_include_is_no_file_at_all(tmp_path: Path) -> None:
    include = "{path: db/compose.yml, env_file: /dev/null}"
    write(tmp_path, {"compose.yml": f"include: [{include}]", "db/compose.yml": "services: {}"})
    assert needed_files(tmp_path, ("compose.yml",), (), {}) == ()


@pytest.mark.parametrize("no", ["false", "False", "FALSE"])
def test_every_way_to_write_false_makes_a_file_optional(tmp_path: Path, no: str) -> None:
    write(tmp_path, {"compose.yml": f"services: {{a: {{env_file: [{{path: a.env, required: {no}}}]}}}}"})
    found = needed_files(tmp_path, ("compose.yml",), (), {})
    assert found == (NeededFile("a.env", is_read_first=True, is_required=False),)


def test_an_optional_file_is_never_missing(tmp_path: Path) -> None:
    optional = NeededFile("a", is_read_first=True, is_required=False)
    assert missing_files(tmp_path, [optional]) == ()


def test_a_link_that_leads_nowhere_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    (tmp_path / "b").symlink_to("gone")
    needed = [NeededFile(name, is_read_first=False) for name in ("a", "b", "c")]
    assert missing_files(tmp_path, needed) == tuple(needed[1:])
