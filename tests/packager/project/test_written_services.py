"""Compose files as written."""

import pytest

from installer.bundle.variables import Variable
from installer.errors import UsageProblem
from packager.project.mounts import BindMount
from packager.project.written_services import read_compose


def problems(text: str) -> tuple[str, ...]:
    with pytest.raises(UsageProblem) as refusal:
        read_compose({"compose.yml": text})
    return refusal.value.details or (refusal.value.happened,)


def test_services_are_built_or_pulled_also_through_merge_keys_and_extends() -> None:
    compose = read_compose(
        {
            "compose.yml": "x-b: &b {build: .}\nservices:\n  a: {<<: *b}\n  b: {extends: {service: a}}\n"
            "  c: {image: c, build: }\n"
        }
    )
    assert [(s.name, s.is_built, s.image) for s in compose.services] == [
        ("a", True, ""),
        ("b", True, ""),
        ("c", False, "c"),
    ]


def test_a_later_file_refines_a_service() -> None:
    compose = read_compose(
        {
            "a.yml": "services:\n  web:\n    image: one\n",
            "b.yml": "services:\n  web:\n    image: two\n    build: .\n",
        }
    )
    assert [(s.place, s.is_built, s.image) for s in compose.services] == [
        ("a.yml:3 services.web", True, "two")
    ]


def test_bind_mounts_in_both_forms() -> None:
    text = """\
services:
  web:
    image: x
    volumes:
      - ./a/:/a
      - ../b:/b:ro
      - ${C:-./c}:/c:ro,z
      - ${D}/d:/d
      - named:/n
      - /anonymous
      - {type: bind, source: ./e, target: /e, read_only: true}
      - {type: volume, source: f, target: /f}
"""
    (web,) = read_compose({"compose.yml": text}).services
    assert web.mounts == (
        BindMount("web", 5, "./a/", "a", "/a", False),
        BindMount("web", 6, "../b", "../b", "/b", True),
        BindMount("web", 7, "./c", "c", "/c", True),
        BindMount("web", 8, "${D}/d", None, "/d", False),
        BindMount("web", 11, "./e", "e", "/e", True),
    )


def test_variables_of_builds_are_known_apart() -> None:
    compose = read_compose(
        {
            "compose.yml": "services:\n  a:\n    build: {context: ., args: {V: '${V:-1}'}}\n"
            "    hostname: ${H}\n"
        }
    )
    assert (compose.variables, compose.build_variables) == (
        (Variable("V", "1"), Variable("H")),
        (Variable("V", "1"),),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "compose.yml is empty."),
        ("- a", "compose.yml:1: must be a mapping with `services:`."),
        ("name: x", "compose.yml:1: `services:` is missing."),
        ("services: [a]", "compose.yml:1: `services` must be a mapping."),
        ("services:\n  a: 1", "compose.yml:2 services.a: a service must be a mapping."),
        ("services:\n  a: {init: true}", "compose.yml:2 services.a: `image:` or `build:` is required."),
        ("services:\n  a:\n    init: true\n  a: {}", "compose.yml:4: duplicate key `a`."),
        ("services:\n\ta: 1", "compose.yml:2: while scanning for the next token"),
        ("a: 1\n---\nb: 1", "compose.yml contains several YAML documents; only one is allowed."),
        (
            "include: [x.yml]\nservices: {a: {image: a}}",
            "compose.yml:1: file x.yml does not exist.",
        ),
        (
            "services:\n  a:\n    build: !reset null",
            "compose.yml:2 services.a: the tag !reset is not supported here.",
        ),
        (
            "services:\n  a:\n    extends: {file: other.yml, service: a}\n    image: x",
            "compose.yml:3: file other.yml does not exist.",
        ),
    ],
)
def test_what_cannot_be_packed_is_told_with_its_place(text: str, problem: str) -> None:
    assert problems(text)[0].startswith(problem)
