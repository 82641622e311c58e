"""Determines the settings that a release needs on site: those of its pinned compose files.

Variables that only named images or were used for building are no longer in these files.
"""

from collections.abc import Iterator

from installer.bundle.layout import ENV, ENV_EXAMPLE, is_inside
from installer.bundle.variables import Variable, each_once
from installer.system.files.mounted_files import looks_like_file
from packager.pinning.pinned_compose import pinned_compose
from packager.plan.export_plan import ExportPlan
from packager.project.secrets_and_configs import source_variables
from packager.project.written_services import variables_of
from packager.yaml.yaml_text import read_yaml


def release_variables(plan: ExportPlan) -> tuple[Variable, ...]:
    """Returns every variable of the pinned files once, by name, also those that secrets and configs read."""
    roots = [read_yaml(text, name) for name, text in pinned_compose(plan).items()]
    return each_once((*variables_of(roots), *source_variables(roots)))


def needs_settings(plan: ExportPlan) -> bool:
    """Returns whether a site needs a `.env`: for a variable, as a service's file, or for the smoke check."""
    project = plan.project
    smoke_needs_settings = project.settings.smoke is not None and "$" in project.settings.smoke.url
    return bool(release_variables(plan)) or ENV in project.files.from_site or smoke_needs_settings


def shipped_files(plan: ExportPlan) -> tuple[str, ...]:
    """Returns the project files in the package, without .env.example if there is nothing to set."""
    shipped = plan.project.files.shipped
    return shipped if needs_settings(plan) else tuple(path for path in shipped if path != ENV_EXAMPLE)


def folders_to_make(plan: ExportPlan) -> tuple[str, ...]:
    """Returns the folders of site data that containers mount: they must exist before the first start."""
    return tuple(sorted(set(_mounted_state(plan))))


def _mounted_state(plan: ExportPlan) -> Iterator[str]:
    files = plan.project.files
    for mount in (mount for service in plan.project.compose.services for mount in service.mounts):
        is_file = looks_like_file(mount.source, mount.target) or mount.path in files.from_site
        is_there = mount.path is not None and (plan.project.directory / mount.path).is_file()
        if mount.path is not None and is_inside(mount.path, files.state) and not is_file and not is_there:
            yield mount.path
