from pathlib import Path

import pytest

from installer.system.compose.compose import ComposeProblem
from installer.system.compose.unset_variables import (
    MissingVariable,
    missing_variable,
    missing_variables_problem,
    unset_variables,
)
from tests.system.compose_project import compose, project

__all__ = ["project"]


@pytest.mark.engine
def test_all_missing_variables_are_named_together_with_their_places_and_reasons(project) -> None:
    text = (
        'services: {web: {image: "${IMAGE:?which one}", environment: {A: "${SECRET?}", B: "${SET?}"}, '
        'ports: ["${PORT:?a number}:80"], command: "${WORDS} ${GREETING}"}}'
    )
    (project / ".env").write_text("SET=1\n")
    with pytest.raises(ComposeProblem) as raised:
        compose(project, text).model()
    assert raised.value.happened == "Required variables of the compose file have no value."
    assert raised.value.details == (
        "IMAGE (services.web.image) which one",
        "PORT (services.web.ports.[]) a number",
        "SECRET (services.web.environment.A)",
        "GREETING: also not set, treated as empty",
        "WORDS: also not set, treated as empty",
    )


def test_a_missing_variable_in_the_words_of_newer_compose() -> None:
    said = "error while interpolating services.web.image: required variable A is missing a value: why\n"
    assert missing_variable(said) == MissingVariable("A", "services.web.image", "why")


def test_a_missing_variable_in_the_words_of_older_compose() -> None:
    said = 'invalid interpolation format for services.web.image: "required variable A is missing a value"'
    assert missing_variable(said) == MissingVariable("A", "services.web.image", "")


def test_other_words_name_no_missing_variable() -> None:
    assert missing_variable("yaml: line 3") is None


def test_a_missing_variable_without_a_reason_or_place_is_named_alone() -> None:
    problem = missing_variables_problem([MissingVariable("A", "", "")], [], Path("/srv/vault/.env"))
    assert problem.details == ("A",)


def test_warnings_of_unset_variables_are_read_once_each() -> None:
    said = 'time="t" level=warning msg="The \\"A\\" variable is not set. Defaulting to a blank string."\n'
    assert unset_variables(said + said + said.replace("A", "B")) == ("A", "B")
