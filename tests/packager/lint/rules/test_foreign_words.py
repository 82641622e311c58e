"""Words of other servers, also in long statements."""

import pytest

from packager.lint.catalogue.findings import Finding
from packager.lint.rules.foreign_words import foreign_words


@pytest.mark.parametrize("words", ["CAST(a AS CHAR), ", "CHECK (a > 0), "])
def test_many_words_that_are_alike_are_none(words: str) -> None:
    assert foreign_words(f"SELECT {words * 8000} 1") is None


def test_the_words_are_found_behind_many_others() -> None:
    many = "CAST(a AS CHAR), " * 8000
    assert foreign_words(f"SELECT {many} CAST(b AS JSON)") == Finding("AL143", now="CAST(… AS JSON)")
    assert foreign_words("SELECT 1 FROM (SELECT CAST(a AS CHAR), 1) b") is None
