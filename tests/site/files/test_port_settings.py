from pathlib import Path

import pytest

from installer.site.files.port_settings import port_variables

COMPOSE = """\
services:
  web:
    ports:
      - "${PROXY_PORT}:80"
      - "${TLS_PORT:-8443}:443/tcp"
      - "127.0.0.1:${ADMIN:?set it}:9000"
      - "${ADDRESS:-0.0.0.0}:8081:8081"
      - "8082:8082"
      - 8083
      - {target: 8084, published: "${LONG}"}
      - {target: 8085, published: 8085}
  db:
    ports: ["$DB_PORT:3306"]
  plain: {image: x}
"""


def test_the_variable_of_a_published_port_is_found_however_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text(COMPOSE)
    assert port_variables([tmp_path / "compose.yml"]) == {
        ("web", 80): "PROXY_PORT",
        ("web", 443): "TLS_PORT",
        ("web", 9000): "ADMIN",
        ("web", 8084): "LONG",
        ("db", 3306): "DB_PORT",
    }


@pytest.mark.parametrize("text", ["", "services:", "services: [", "- a", "services: {web: }"])
def test_a_file_that_compose_would_refuse_gives_no_variable(tmp_path: Path, text: str) -> None:
    (tmp_path / "compose.yml").write_text(text)
    assert port_variables([tmp_path / "compose.yml", tmp_path / "gone.yml"]) == {}
