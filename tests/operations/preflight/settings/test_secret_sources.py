"""Secrets and configs that are made of variables (`environment: NAME`)."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import AirlockError
from installer.operations.preflight.findings.finding import failed
from installer.operations.preflight.findings.surroundings import look_at_surroundings
from installer.operations.preflight.settings.required_settings import SettingsFile
from installer.operations.preflight.settings.secret_sources import (
    check_sources,
    judge_sources,
    source_variables,
)
from installer.system.compose.compose import ComposeModel
from installer.system.docker.docker import Engine
from tests.operations.decisions.test_shared_data import situation
from tests.operations.preflight.settings.test_external_resources import WEB
from tests.system.compose_project import compose, project

__all__ = ["project"]

TEXT = """
services:
  web: {image: "busybox:1", command: sleep 60, init: true, secrets: [key], configs: [rules, inline]}
  job: {image: "busybox:1", secrets: [later], profiles: [once]}
secrets: {key: {environment: AIRLOCK_TEST_KEY}, later: {environment: LATER}, unused: {environment: UNUSED}}
configs: {rules: {environment: AIRLOCK_TEST_RULES}, inline: {content: a}}
"""


def test_variables_that_are_not_set_are_named_with_the_file_to_set_them_in() -> None:
    file = SettingsFile(Path("/new/.env"), Path("/new/.env"))
    lent = SettingsFile(Path("/old/.env"), Path("/new/.env"))
    title = "Variables that secrets or configs use are not set."
    assert [*judge_sources(file, {"B", "A"}), *judge_sources(lent, {"A"}), *judge_sources(file, ())] == [
        failed(title, ["A", "B"], hint="Set them in /new/.env, then run the command again."),
        failed(
            title,
            ["A"],
            hint="Run: cp -a /old/.env /new/.env; then: Set them in /new/.env, then run the command again.",
        ),
    ]


def test_only_services_that_start_by_themselves_need_them() -> None:
    model = ComposeModel("vault", {"web": replace(WEB, variables=("A", "B")), "db": WEB}, {})
    assert source_variables(model) == {"A", "B"}


@pytest.mark.engine
def test_the_preflight_fails_for_what_compose_would_refuse_in_the_middle_of_a_start(
    project: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIRLOCK_TEST_RULES", raising=False)
    release = compose(project, TEXT)
    seen = situation(project, "copy")
    seen = replace(seen, compose=release, model=release.model(), plan=replace(seen.plan, release=project))
    (found,) = check_sources(look_at_surroundings(seen, engine))
    assert (found.level, found.details) == ("failed", ("AIRLOCK_TEST_KEY", "AIRLOCK_TEST_RULES"))
    with pytest.raises(AirlockError) as refused:
        release.up()
    assert "is not set" in str(refused.value)
    (project / ".env").write_text("AIRLOCK_TEST_KEY=\n")
    monkeypatch.setenv("AIRLOCK_TEST_RULES", "from the shell")
    assert list(check_sources(look_at_surroundings(seen, engine))) == []
    release.up()
