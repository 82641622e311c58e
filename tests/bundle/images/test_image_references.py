import pytest

from installer.bundle.images.image_references import Reference, is_reference, split_reference


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("mariadb", Reference("mariadb")),
        ("mariadb:10.11", Reference("mariadb", "10.11")),
        ("registry:5000/bitnami/mariadb", Reference("registry:5000/bitnami/mariadb")),
        ("registry:5000/x/mysql:8.4@sha256:aa", Reference("registry:5000/x/mysql", "8.4", "sha256:aa")),
        ("mysql@sha256:10ab", Reference("mysql", "", "sha256:10ab")),
        ("${REG:-x:1/}mariadb:${V:?see docs/env}", Reference("${REG:-x:1/}mariadb", "${V:?see docs/env}")),
    ],
)
def test_a_reference_has_a_repository_a_tag_and_a_digest(text: str, parts: Reference) -> None:
    assert split_reference(text) == parts


def test_only_a_tag_leads_to_an_image_where_no_registry_can_be_asked() -> None:
    assert [split_reference(text).by_tag for text in ("shop/web", "shop/web:2@sha256:aa")] == [
        "shop/web:latest",
        "shop/web:2",
    ]


def test_the_last_name_says_which_program_it_is() -> None:
    assert split_reference("registry:5000/bitnami/mariadb:11").last_name == "mariadb"


def test_what_the_engine_would_not_take_is_no_reference() -> None:
    assert [is_reference(text) for text in ("registry:5000/a/b:1", "Shop", "a b", "")] == [
        True,
        False,
        False,
        False,
    ]
