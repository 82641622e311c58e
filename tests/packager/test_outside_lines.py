from packager.compose import read_compose
from packager.outside_lines import outside_lines

COMPOSE = """
services:
  web: {image: "web:${TAG:-1}", networks: [proxy], volumes: ["own:/o", "shared:/s"]}
  adm: {image: "web:1", profiles: [admin, all]}
  job: {image: "web:1", profiles: [all], command: "$PASSWORD"}
networks: {proxy: {external: true}, back: {}, old: {external: {name: edge}}}
volumes: {own: , shared: {external: true, name: common}}
secrets: {key: {environment: KEY}}
"""


def test_the_plan_of_an_export_names_what_stands_around_the_containers() -> None:
    assert list(outside_lines(read_compose({"docker-compose.yml": COMPOSE}))) == [
        "Named volumes: own",
        "External volumes: common",
        "External networks: proxy, old",
        "Profiles: admin (adm), all (adm, job)",
        "Variables: KEY, PASSWORD, TAG",
    ]


def test_nothing_is_said_of_a_file_without_any() -> None:
    assert list(outside_lines(read_compose({"docker-compose.yml": "services: {web: {image: i}}"}))) == []
