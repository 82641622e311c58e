"""Every text for people exists in English (the source) and in Korean."""

import re
from string import Formatter

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from catalogues import LOCALES, ROOT, forms, messages_of_the_code

HANGUL = re.compile("[가-힣]")


@pytest.fixture(scope="module")
def korean() -> Catalog:
    with (LOCALES / "ko.po").open("rb") as file:
        return read_po(file, locale="ko")


def entries(catalogue: Catalog) -> list[Message]:
    return [message for message in catalogue if message.id]


def blanks(text: str) -> set[str]:
    return {name for _literal, name, _spec, _conversion in Formatter().parse(text) if name is not None}


def test_no_message_of_the_code_is_missing_in_the_catalogue(korean: Catalog) -> None:
    catalogued = {forms(message.id) for message in entries(korean)}
    assert {forms(message) for _file, message in messages_of_the_code()} - catalogued == set()


def test_the_catalogue_holds_no_message_that_the_code_no_longer_has(korean: Catalog) -> None:
    in_code = {forms(message) for _file, message in messages_of_the_code()}
    assert {forms(message.id) for message in entries(korean)} - in_code == set()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_guide_explains_only_messages_that_there_are(korean: Catalog, language: str) -> None:
    guide = (ROOT / "templates" / language / "DEPLOYMENT_GUIDE.md.j2").read_text()
    told = re.findall(r'message\("([^"]*)"\)', guide)
    catalogued = {form for message in entries(korean) for form in forms(message.id)}
    assert (len(told) > 20, set(told) - catalogued) == (True, set())


def test_every_message_is_translated_and_none_is_a_guess(korean: Catalog) -> None:
    unfinished = [m.id for m in entries(korean) if m.fuzzy or not all(forms(m.string)) or not m.string]
    assert unfinished == []


def test_every_translation_has_the_same_blanks_as_its_message(korean: Catalog) -> None:
    different = [
        m.id
        for m in entries(korean)
        if any(blanks(form) != set().union(*map(blanks, forms(m.id))) for form in forms(m.string))
    ]
    assert different == []


def test_translations_of_sentences_are_korean(korean: Catalog) -> None:
    latin = [m.id for m in entries(korean) if is_a_sentence(m) and not HANGUL.search(forms(m.string)[0])]
    assert latin == []


def is_a_sentence(message: Message) -> bool:
    """Whether there are words to translate, not only blanks and signs as in `{name}: {size}`."""
    text = forms(message.id)[0]
    words = "".join(literal for literal, *_blank in Formatter().parse(text))
    return " " in text and any(letter.isalpha() for letter in words)


def test_only_literals_are_marked_for_translation() -> None:
    marked = re.compile(r"(?<![\w.\"'])(?:_|ngettext)\((?!\s*[\"'])[^)]")
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for package in ("installer", "packager")
        for path in sorted((ROOT / package).rglob("*.py"))
        for line in path.read_text().splitlines()
        if marked.search(line) and "def " not in line
    ]
    assert found == []
