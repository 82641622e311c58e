"""Finds the installation on this host and plans the import. Changes nothing that runs."""

from dataclasses import replace
from pathlib import Path

from installer.bundle.layout import ENV, ENV_EXAMPLE
from installer.bundle.manifest.manifest import Manifest
from installer.errors import Refused
from installer.operations.adaptations.choose_adaptations import NO_REQUEST, KeepRequest, choose
from installer.operations.adaptations.find_adaptations import find_adaptations
from installer.operations.decisions.lend_site_files import lend_site_files
from installer.operations.decisions.make_plan import plan_import
from installer.operations.decisions.old_version import with_version
from installer.operations.decisions.sqlite_stores import sqlite_stores
from installer.operations.plan.import_plan import Situation, StateMode
from installer.site.files.container_names import fixed_container_names
from installer.site.files.lent_settings import BorrowedSettings
from installer.site.kept_record import read_kept
from installer.site.running.installation import Installation, find_installation
from installer.site.running.profiles import dormant_services, with_dormant
from installer.system.clock import utc_now
from installer.system.compose.compose import Compose, ComposeModel
from installer.system.compose.unset_variables import VariablesMissing
from installer.system.docker.docker import Engine
from installer.text import _


def look_around(
    manifest: Manifest,
    engine: Engine,
    release: Path,
    settings: BorrowedSettings,
    *,
    from_directory: Path | None,
    state_mode: StateMode,
    keep: KeepRequest = NO_REQUEST,
) -> Situation:
    """Finds what is known before the import: the installation, the release's Compose model, the plan."""
    installation = _installation(manifest, engine, release, from_directory)
    if installation is not None:
        settings.borrow_as(ENV, installation.env_path, installation.directory)
    adaptations = find_adaptations(installation, manifest, release)
    chosen = choose(keep, adaptations, installation, manifest)
    files = (*manifest.compose_files, *(chosen.override_paths or read_kept(release).overrides))
    missing = lend_site_files(manifest, files, release, settings, installation)
    _expect_settings(release, missing)
    project = installation.compose.project if installation else manifest.application.project
    compose = Compose(release, files, project)
    model = _model(compose, settings, installation)
    everything = with_dormant(model, compose)
    old_everything = with_dormant(installation.model, installation.compose) if installation else None
    plan = plan_import(
        manifest,
        compose,
        everything,
        replace(installation, model=old_everything) if installation and old_everything else None,
        volumes=engine.volumes(),
        references=_known_references(manifest, engine),
        settings=settings.names,
        state_mode=state_mode,
        now=utc_now(),
        chosen=chosen,
    )
    settings.leave({item.target for item in plan.state})
    return Situation(
        manifest,
        compose,
        model,
        installation,
        plan,
        missing_files=missing,
        dormant=dormant_services(model, everything),
        old_dormant=dormant_services(installation.model, old_everything)
        if installation and old_everything
        else {},
        adaptations=adaptations,
        file_stores=sqlite_stores(
            installation.model if installation else model, engine, but_for=plan.database_services
        ),
    )


def _installation(
    manifest: Manifest, engine: Engine, release: Path, from_directory: Path | None
) -> Installation | None:
    names = fixed_container_names(release, manifest.compose_files)
    project = manifest.application.project
    found = find_installation(engine, project, names, from_directory=from_directory, near=release)
    return with_version(found, manifest) if found is not None else None


def _known_references(manifest: Manifest, engine: Engine) -> dict[str, str]:
    found = ((image.reference, engine.image(image.reference)) for image in manifest.images)
    return {reference: stored.id for reference, stored in found if stored is not None}


def _model(compose: Compose, settings: BorrowedSettings, installation: Installation | None) -> ComposeModel:
    try:
        return compose.model()
    except VariablesMissing as problem:
        if installation is not None and ENV in settings.names:
            problem.hint = _(
                "Run: cp -a {path} {place}; then set them in {place}, and run the command again.",
                path=installation.env_path,
                place=compose.settings_path,
            )
        raise


def _expect_settings(release: Path, missing: tuple[str, ...]) -> None:
    example, file = release / ENV_EXAMPLE, release / ENV
    if example.is_file() and not file.is_file():
        raise Refused(
            _("There is no {path}, and no running installation to copy it from.", path=file),
            details=[_("Looked for: {path}", path=release / name) for name in dict.fromkeys((ENV, *missing))],
            hint=_(
                "Run: cp {example} {path}; fill it in, then run the command again.",
                example=example,
                path=file,
            ),
        )
