from collections.abc import Iterator

import pytest

from installer.text import _, choose_language, language, language_of, speaking, use_language


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR"}, "ko"),
        ({"LANGUAGE": "ko:en", "LC_ALL": "en_US.UTF-8"}, "ko"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
    ],
)
def test_the_environment_chooses_the_language_as_gettext_does(
    environment: dict[str, str], expected: str
) -> None:
    assert language_of(environment) == expected


@pytest.mark.parametrize(
    "arguments", [["--lang", "ko", "import"], ["import", "--lang=ko"], ["--lang=en", "--lang=ko"]]
)
def test_the_option_wins_over_the_environment(arguments: list[str]) -> None:
    choose_language(arguments)
    assert language() == "ko"


def test_values_are_filled_in_after_translating() -> None:
    use_language("ko")
    assert _("Warning: {text}", text="{100%}").endswith("{100%}")


def test_braces_in_a_text_without_values_stay() -> None:
    assert _("docker ps --format {{.Names}}") == "docker ps --format {{.Names}}"


def test_a_document_in_another_language_leaves_ours_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError), speaking("ko"):
        assert (language(), _("done")) == ("ko", "완료")
        raise ZeroDivisionError
    assert (language(), _("done")) == ("en", "done")
