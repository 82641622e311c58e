"""Long statements are searched for words of other servers in a time that grows with their length alone."""

import time

import pytest

from packager.lint.findings import Finding
from packager.lint.foreign_words import foreign_words


@pytest.mark.parametrize("words", ["CAST(a AS CHAR), ", "CHECK (a > 0), "])
def test_many_words_of_the_kind_take_no_time(words: str) -> None:
    start = time.process_time()
    assert foreign_words(f"SELECT {words * 8000} 1") is None
    assert time.process_time() - start < 2


def test_the_words_are_found_behind_many_others() -> None:
    many = "CAST(a AS CHAR), " * 8000
    assert foreign_words(f"SELECT {many} CAST(b AS JSON)") == Finding("AL143", now="CAST(… AS JSON)")
    assert foreign_words("SELECT 1 FROM (SELECT CAST(a AS CHAR), 1) b") is None
