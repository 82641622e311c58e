from collections.abc import Iterator

import pytest

from installer.database.values.picture import kind_in_words
from installer.mariadb.content.schema import KINDS
from installer.text import use_language


@pytest.fixture
def korean() -> Iterator[None]:
    use_language("ko")
    yield
    use_language("en")


def test_in_english_a_kind_of_object_is_called_what_it_is() -> None:
    assert [kind_in_words(kind) for kind in KINDS] == list(KINDS)


def test_every_kind_of_object_has_a_korean_word(korean: None) -> None:
    assert [kind for kind in KINDS if kind_in_words(kind).isascii()] == []


def test_a_kind_that_only_a_backups_record_knows_stays_as_it_is(korean: None) -> None:
    assert kind_in_words("synonym") == "synonym"
