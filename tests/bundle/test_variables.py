"""The grammar of Compose's variables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.variables import (
    NoDefault,
    NoValue,
    Variable,
    by_defaults,
    each_once,
    variables_in,
    with_values,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("plain", "plain"),
        ("$$HOME", "$HOME"),
        ("a${X:-b${Y:-c}}d", "abcd"),
        ("${X-}", ""),
        ("${X:+other}", ""),
        ("5$", "5$"),
        ("${X:-a}}", "a}"),
    ],
)
def test_a_value_by_its_defaults(text: str, value: str) -> None:
    assert by_defaults(text) == value


@pytest.mark.parametrize("text", ["${X}", "$X", "$X-y", "${X:?why}", "${Y:-${X}}"])
def test_a_variable_without_default_leaves_a_hole(text: str) -> None:
    with pytest.raises(NoDefault) as hole:
        by_defaults(text)
    assert hole.value.name == "X"


def test_every_use_is_found_also_inside_defaults() -> None:
    assert variables_in("${A:-${B:-c}} $$NOT $D ${E:?why}") == (
        Variable("A", "${B:-c}"),
        Variable("B", "c"),
        Variable("D"),
        Variable("E", required=True),
    )


def test_uses_of_one_variable_are_told_together() -> None:
    assert each_once(variables_in("${B} ${A:?why} ${A} ${B:-2} ${B:-3}")) == (
        Variable("A", None, required=True),
        Variable("B", "2"),
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("http://h:$PORT/x", "http://h:8080/x"),
        ("${PORT}${EMPTY}", "8080"),
        ("${EMPTY:-a}${EMPTY-b}${NONE:-${PORT}}${NONE-d}", "a8080d"),
        ("${PORT:?why}${EMPTY?why}", "8080"),
        ("${PORT:+yes}${EMPTY:+no}${EMPTY+set}${NONE+no}", "yesset"),
        ("$$PORT 5$", "$PORT 5$"),
        ("${PORT ${PORT", "${PORT ${PORT"),
        ("${PORT/x} ${1} ${}", "${PORT/x} ${1} ${}"),
    ],
)
def test_a_text_with_values_is_what_compose_makes_of_it(text: str, value: str) -> None:
    assert with_values(text, {"PORT": "8080", "EMPTY": ""}) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [("$X", ""), ("${X}", ""), ("${X:?set it}", "set it"), ("${X?}", ""), ("${Y:-$X}", ""), ("${E:?}", "")],
)
def test_a_variable_without_a_value_is_named_with_the_words_behind_it(text: str, words: str) -> None:
    with pytest.raises(NoValue) as missing:
        with_values(text, {"E": ""})
    assert (missing.value.name in ("X", "E"), missing.value.words) == (True, words)


@given(st.text("ab${}:-?+_ X", max_size=30))
def test_no_text_breaks_the_reading(text: str) -> None:
    try:
        by_defaults(text)
    except NoDefault as hole:
        assert hole.name in {variable.name for variable in variables_in(text)}
