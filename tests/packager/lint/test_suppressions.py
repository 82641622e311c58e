"""The file of accepted findings: what it says, and every problem with its place."""

import pytest

from installer.errors import UsageProblem
from packager.lint.catalogue.findings import Finding
from packager.lint.suppressions import Suppression, read_suppressions

NICKNAME = Finding("DS103", "users", "nickname")


def test_each_line_is_a_code_a_subject_and_a_reason() -> None:
    first = "20260101_a:\n  DS103 users.nickname: >\n    copied\n    before\n  AL103: small\n"
    text = f"{first}20260102_b: {{MF101 users: x}}\n"
    assert read_suppressions(text) == (
        Suppression("20260101_a", "DS103", "users.nickname", "copied before", 2),
        Suppression("20260101_a", "AL103", "", "small", 5),
        Suppression("20260102_b", "MF101", "users", "x", 6),
    )


@pytest.mark.parametrize("text", ["{}", "null", "20260101_a: {}\n"])
def test_a_file_may_accept_nothing(text: str) -> None:
    assert read_suppressions(text) == ()


def test_all_problems_are_told_with_their_places() -> None:
    text = "a:\n  DS13: x\n  DS103:\n  MF101: ''\n  MF104: [x]\n  AL191: x\nb: yes\n"
    with pytest.raises(UsageProblem) as raised:
        read_suppressions(text)
    assert raised.value.details == (
        "airlock-lint.yml:2 DS13: is unknown; did you mean `DS103`?",
        "airlock-lint.yml:3 DS103: the reason is missing",
        "airlock-lint.yml:4 MF101: the reason is missing",
        "airlock-lint.yml:5 MF104: the reason is missing",
        "airlock-lint.yml:6 AL191: is unknown; did you mean `AL190`?",
        "airlock-lint.yml:7 b: must contain keys and values",
    )


@pytest.mark.parametrize("text", ["- a", "just words"])
def test_anything_but_names_of_migrations_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem):
        read_suppressions(text)


@pytest.mark.parametrize(
    ("key", "covers"),
    [("DS103", True), ("DS103 users.nickname", True), ("DS103 users", False), ("DS103 users.name", False),
     ("DS102", False)],
)  # fmt: skip
def test_a_subject_narrows_what_is_covered(key: str, covers: bool) -> None:
    [suppression] = read_suppressions(f"a: {{{key}: x}}")
    assert (suppression.covers("a", NICKNAME), suppression.covers("b", NICKNAME)) == (covers, False)
