"""Is every variable set that a secret or config is made of (`environment: NAME`)?"""

from collections.abc import Collection, Iterator

from installer.operations.preflight.findings.finding import Finding, lacking
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.settings.required_settings import SettingsFile, file_of
from installer.site.files.env_values import read_env
from installer.system.compose.compose import ComposeModel
from installer.system.compose.environment import shell_values
from installer.text import _


def check_sources(around: Surroundings) -> Iterator[Finding]:
    """An empty value is one; Compose refuses only a variable that is not set, when it starts the service."""
    file = file_of(around.situation)
    given = {*shell_values(), *read_env(file.place)}
    yield from judge_sources(file, source_variables(around.situation.model) - given)


def source_variables(model: ComposeModel) -> set[str]:
    """The variables that active services take secrets and configs from."""
    return {name for service in model.services.values() for name in service.variables}


def judge_sources(file: SettingsFile, missing: Collection[str]) -> Iterator[Finding]:
    """`missing` are names of variables that nothing sets."""
    return lacking(
        _("Variables that secrets or configs are made of are not set."),
        sorted(missing),
        hint=file.own_first(_("Set them in {path}, then run the command again.", path=file.place)),
    )
