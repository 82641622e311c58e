"""Checks that every variable is set that a secret or config uses (`environment: NAME`)."""

from collections.abc import Collection, Iterator

from installer.operations.preflight.findings.finding import Finding, failed_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.settings.required_settings import SettingsFile, file_of
from installer.system.compose.compose import ComposeModel
from installer.system.compose.environment import compose_variables
from installer.text import _


def check_sources(around: Surroundings) -> Iterator[Finding]:
    """Accepts an empty value; Compose refuses only a variable that is not set, when it starts the service."""
    file = file_of(around.situation)
    missing = source_variables(around.situation.model) - compose_variables(file.place).keys()
    yield from judge_sources(file, missing)


def source_variables(model: ComposeModel) -> set[str]:
    """Returns the variables that active services use for secrets and configs."""
    return {name for service in model.services.values() for name in service.variables}


def judge_sources(file: SettingsFile, missing: Collection[str]) -> Iterator[Finding]:
    """Fails for variables `missing` that nothing sets."""
    return failed_if_any(
        _("Variables that secrets or configs use are not set."),
        sorted(missing),
        hint=file.own_first(_("Set them in {path}, then run the command again.", path=file.place)),
    )
