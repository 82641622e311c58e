"""Reads the settings that official database images take from the environment of their container."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from installer.bundle.layout import ENV
from installer.errors import Refused
from installer.site.paths import env_path
from installer.system.compose.compose import Service
from installer.system.docker.docker import Container
from installer.system.docker.docker_command import ask_docker
from installer.system.process.process import ToolFailed
from installer.system.secret import Secret
from installer.text import _

Environment = Mapping[str, Secret]


def setting_of(
    container: Container, environment: Environment, prefixes: Sequence[str], name: str
) -> Secret | None:
    """Returns PREFIX_name, or the content of the file PREFIX_name_FILE; the first prefix counts that has one.

    Raises `ToolFailed` if the file cannot be read in the container.
    """
    for prefix in prefixes:
        value, file = environment.get(f"{prefix}{name}"), environment.get(f"{prefix}{name}_FILE")
        if value is not None and value.reveal():
            return value
        if file is not None and file.reveal():
            return Secret(_content_of(file.reveal(), container).rstrip("\r\n"))
    return None


def settings_file(container: Container) -> str:
    """Returns the file that holds the settings; without a path where the directory was renamed since."""
    beside = env_path(container.working_dir) if container.working_dir else Path(ENV)
    file = next(iter(container.env_files), beside)
    return str(file if file.is_file() else ENV)


def not_specified(service: Service, variable: str) -> Refused:
    """Returns the error for a service whose environment lacks this variable."""
    return Refused(
        _("Service {service} does not specify how to connect to its database.", service=service.name),
        details=[_("{variable} is not set.", variable=variable)],
        hint=_("Set it in the environment of the service, as the image requires."),
    )


def _content_of(path: str, container: Container) -> str:
    asked = ask_docker(("docker", "exec", container.id, "cat", path))
    if asked.exit_code:
        raise ToolFailed(asked)
    return asked.stdout
