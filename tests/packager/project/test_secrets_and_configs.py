from packager.project.secrets_and_configs import external_problems
from packager.project.written_services import read_compose

COMPOSE = """
services:
  web: {image: "web:1", secrets: [key, file, made, own], extends: {service: base}}
  base: {image: "web:1", configs: [{source: rules, target: /rules}]}
secrets:
  key: {external: true}
  file: {file: ./key}
  made: {environment: KEY}
  own: {external: true}
  unused: {external: true}
configs:
  rules: {external: {name: shared}}
"""
OVERRIDE = """
secrets:
  own: {external: false, file: ./own}
"""


def test_an_external_secret_or_config_that_a_service_uses_cannot_be_served() -> None:
    found = external_problems(read_compose({"compose.yml": COMPOSE, "second.yml": OVERRIDE}))
    advice = "Use `file: ./{0}`, a file that each site provides, or `environment: NAME`, a variable in .env."
    assert found == [
        "compose.yml:6 secrets.key: external secrets require Docker Swarm. " + advice.format("key"),
        "compose.yml:12 configs.rules: external configs require Docker Swarm. " + advice.format("rules"),
    ]
