"""Checks for what Compose never creates: external networks and volumes, files of secrets."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.findings.finding import Finding, failed, failed_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.settings.required_settings import SettingsFile, file_of
from installer.system.compose.compose import ComposeModel, Service
from installer.text import _


def check_outside(around: Surroundings) -> Iterator[Finding]:
    """Checks what the active services use; finds nothing if it all exists."""
    situation, model = around.situation, around.situation.model
    yield from judge_networks(missing_networks(model, around.engine.networks()))
    yield from judge_volumes(missing_volumes(model, around.engine.volumes()))
    yield from judge_files(missing_files(situation))
    databases = situation.plan.database_services
    if not model.services or not model.services.keys() >= {*databases}:
        yield from judge_profiles(model.services, situation.dormant, databases, file_of(situation))


def missing_networks(model: ComposeModel, there: Collection[str]) -> list[str]:
    """Returns missing external networks of services that start by themselves; Compose ignores others."""
    keys = {key for service in model.services.values() for key in service.networks}
    used = {model.networks.get(key, key) for key in keys}
    return sorted((used & model.external_networks) - set(there))


def missing_volumes(model: ComposeModel, there: Collection[str]) -> list[str]:
    """Returns missing external volumes of these services."""
    mounts = (mount for service in model.services.values() for mount in service.mounts)
    used = {model.volumes.get(mount.source, "") for mount in mounts if mount.kind == "volume"}
    return sorted((used & model.external_volumes) - set(there))


def missing_files(situation: Situation) -> list[str]:
    """Returns missing files of secrets and configs not named by `check_site_files` nor carried over later."""
    release = situation.plan.release
    named = {release / name for name in situation.missing_files}
    provided = [release / name for name in situation.manifest.state]
    mounts = (mount for service in situation.model.services.values() for mount in service.files)
    paths = {Path(mount.source) for mount in mounts}
    return sorted(
        str(path)
        for path in paths
        if not path.exists() and path not in named
        if not any(path.is_relative_to(place) for place in provided)
    )


def judge_networks(names: Sequence[str]) -> Iterator[Finding]:
    """Fails for networks `names`, which must be created by hand."""
    return failed_if_any(
        _("External networks that the release uses are missing."),
        names,
        hint=_("Create them: {command}", command=_each("docker network create", names)),
    )


def judge_volumes(names: Sequence[str]) -> Iterator[Finding]:
    """Fails for volumes `names`, which must be created by hand; an empty one may be a mistake."""
    return failed_if_any(
        _("External volumes that the release uses are missing."),
        names,
        hint=_(
            "If they should contain data, restore them first. To create empty ones: {command}",
            command=_each("docker volume create", names),
        ),
    )


def judge_files(paths: Sequence[str]) -> Iterator[Finding]:
    """Fails for files `paths` that services read."""
    return failed_if_any(
        _("Files of secrets or configs that the services read are missing."),
        paths,
        hint=_("Put each file in its place, then run the command again."),
    )


def judge_profiles(
    active: Collection[str], dormant: Mapping[str, Service], databases: Sequence[str], settings: SettingsFile
) -> Iterator[Finding]:
    """Fails for a release of which no service starts, or not a database. Services by name."""
    asleep = [name for name in databases if name in dormant]
    for name in asleep:
        yield _not_active(
            _("The database {name} is in a profile that is not active.", name=name),
            dormant[name].profiles,
            settings,
        )
    if not asleep and not active and dormant:
        yield _not_active(
            _("All services of the release are in profiles, and none of these is active."),
            {name for service in dormant.values() for name in service.profiles},
            settings,
        )


def _not_active(title: str, profiles: Collection[str], settings: SettingsFile) -> Finding:
    names = sorted(profiles)
    hint = _(
        "Set the profiles to start in {path}, for example: COMPOSE_PROFILES={name}",
        path=settings.place,
        name=names[0],
    )
    return failed(title, [", ".join(names)], hint=settings.own_first(hint))


def _each(command: str, names: Sequence[str]) -> str:
    return " && ".join(f"{command} {name}" for name in names)
