"""Which version of the API an engine is asked in; refusals are in tests/engines."""

import pytest

from installer.errors import Refused
from installer.system.docker.recognition.spoken_api import choose_api


def said(newest: str, oldest: str | None = None) -> dict[str, object]:
    return {"Version": "0", "ApiVersion": newest, "MinAPIVersion": oldest}


@pytest.mark.parametrize(
    ("newest", "oldest", "asked"),
    [("1.41", None, "1.41"), ("1.45", "1.24", "1.45"), ("1.51", "1.24", "1.51"), ("1.54", "1.44", "1.51")],
    ids=["20.10", "26.1", "28.5", "29"],
)
def test_an_engine_is_asked_in_its_newest_version_but_in_none_that_was_never_tried(
    newest: str, oldest: str | None, asked: str
) -> None:
    assert choose_api(said(newest, oldest)) == asked


def test_an_engine_whose_oldest_version_is_the_newest_that_was_tried_is_served() -> None:
    assert choose_api(said("1.60", "1.51")) == "1.51"
    with pytest.raises(Refused):
        choose_api(said("1.60", "1.52"))


def test_versions_are_compared_as_numbers() -> None:
    with pytest.raises(Refused):
        choose_api(said("1.9"))
