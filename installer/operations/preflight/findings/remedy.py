"""How a person ends what is in the way of a release: a container of others, or a setting of their own."""

from installer.operations.plan.import_plan import Situation
from installer.site.paths import ENV, env_path
from installer.system.docker.docker import Container
from installer.text import _


def owner_of(container: Container) -> str:
    """Who made a container, and where."""
    if container.project is None:
        return _("It was made by hand, not by Compose.")
    words = {"project": container.project, "directory": container.working_dir}
    if container.working_dir is None:
        return _("It belongs to the compose project {project}.", **words)
    return _("It belongs to the compose project {project} in {directory}.", **words)


def removal_of(container: Container) -> str:
    """The command that frees its name."""
    if not container.is_up:
        return f"docker rm {container.name}"
    if container.project is None:
        return f"docker stop {container.name} && docker rm {container.name}"
    return " ".join(_down(container, container.project))


def place_of_setting(variable: str, situation: Situation) -> str:
    """Where a variable is set; one whose `.env` still belongs to the old release gets a file of its own."""
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
