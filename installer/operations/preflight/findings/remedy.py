"""Says how to remove obstacles to a release: a container of another project, or a setting."""

from installer.bundle.layout import ENV
from installer.operations.plan.import_plan import Situation
from installer.site.paths import env_path
from installer.system.docker.docker import Container
from installer.text import _


def owner_of(container: Container) -> str:
    """Says who created a container, and where."""
    if container.project is None:
        return _("It was created by hand, not by Compose.")
    values = {"project": container.project, "directory": container.working_dir}
    if container.working_dir is None:
        return _("It belongs to the compose project {project}.", **values)
    return _("It belongs to the compose project {project} in {directory}.", **values)


def removal_of(container: Container) -> str:
    """Returns the command that frees its name."""
    if not container.is_up:
        return f"docker rm {container.name}"
    if container.project is None:
        return f"docker stop {container.name} && docker rm {container.name}"
    return " ".join(_down(container, container.project))


def place_of_setting(variable: str, situation: Situation) -> str:
    """Says where a variable is set; if its `.env` belongs to the old release, the new one gets its own."""
    file, installation = env_path(situation.plan.release), situation.installation
    if installation is not None and ENV in situation.plan.settings:
        return _(
            "{variable} sets it. To set another one: cp {old} {file}, then edit {file}",
            old=installation.env_path,
            file=file,
            variable=variable,
        )
    return _("{variable} in {file} sets it.", variable=variable, file=file)


def _down(container: Container, project: str) -> list[str]:
    directory = container.working_dir
    there = ["--project-directory", str(directory)] if directory is not None and directory.is_dir() else []
    return ["docker", "compose", *there, "--project-name", project, "down"]
