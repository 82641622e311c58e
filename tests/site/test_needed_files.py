from pathlib import Path

from installer.site.needed_files import NeededFile, missing_files, needed_files

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
        NeededFile("/etc/vault/all.env", is_read_first=True),
        NeededFile("secrets/db.txt", is_read_first=False),
        NeededFile(str(tmp_path.parent / "shared" / "key"), is_read_first=False),
        NeededFile("own.conf", is_read_first=False),
    )


def test_a_link_that_leads_nowhere_is_missing(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    (tmp_path / "b").symlink_to("gone")
    needed = [NeededFile(name, is_read_first=False) for name in ("a", "b", "c")]
    assert missing_files(tmp_path, needed) == tuple(needed[1:])
