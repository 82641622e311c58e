"""Parses containers from the engine's JSON into frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from installer.system.compose.model import MOUNT_KINDS, Mount, PublishedPort
from installer.system.secret import Secret

LABEL = "com.docker.compose."
PROJECT_LABEL = LABEL + "project"


@dataclass(frozen=True)
class Container:
    """A container, running or not.

    `image` is the reference as written when it was created, `image_id` the image it named then. The fields
    from `project` to `is_one_off` come from Compose's labels; `env_files` are those of `--env-file`, none if
    `.env` was used. `state` is the engine's word ("created", "running", "paused", "restarting", "removing",
    "exited", "dead"); `health` is None without a health check. `addresses` are its own on the engine's
    networks, while it runs. `ports` are those it publishes, or would publish if started. `working_folder` is
    where its program starts, `working_dir` where Compose was started; `labels` are those that are not
    Compose's. `pid` is its process ID on the engine's host, 0 while it does not run.
    `health_check` is the command of its health check.
    """

    id: str
    name: str
    image_id: str
    image: str
    project: str | None
    service: str | None
    created_at: datetime
    working_dir: Path | None
    config_files: tuple[Path, ...]
    env_files: tuple[Path, ...]
    config_hash: str | None
    compose_version: str | None
    is_one_off: bool
    state: str
    health: str | None
    exit_code: int
    restart_count: int
    addresses: tuple[str, ...]
    ports: tuple[PublishedPort, ...]
    mounts: tuple[Mount, ...]
    environment: Mapping[str, Secret]
    command: tuple[str, ...] = ()
    entrypoint: tuple[str, ...] = ()
    user: str = ""
    working_folder: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    networks: tuple[str, ...] = ()
    restart: str = "no"
    pid: int = 0
    started_at: datetime | None = None  # the last time
    health_check: tuple[str, ...] = ()

    @property
    def is_running(self) -> bool:
        """Returns whether its program is running."""
        return self.state == "running"

    @property
    def is_up(self) -> bool:
        """Returns whether it must be stopped so that it no longer runs; includes paused and crashing ones."""
        return self.state in ("running", "paused", "restarting")

    @property
    def has_ended_well(self) -> bool:
        """Returns whether it is a job that finished successfully."""
        return self.state == "exited" and self.exit_code == 0


def parse_container(raw: Mapping[str, Any]) -> Container:
    """Parses a container from the engine's `GET /containers/{id}/json`."""
    labels = raw["Config"].get("Labels") or {}
    state = raw["State"]
    working_dir = labels.get(LABEL + "project.working_dir")
    return Container(
        id=raw["Id"],
        name=raw["Name"].removeprefix("/"),
        image_id=raw["Image"],
        image=raw["Config"]["Image"],
        project=labels.get(PROJECT_LABEL),
        service=labels.get(LABEL + "service"),
        created_at=_moment(raw["Created"]),
        working_dir=Path(working_dir) if working_dir else None,
        config_files=_paths(labels.get(LABEL + "project.config_files")),
        env_files=_paths(labels.get(LABEL + "project.environment_file")),
        config_hash=labels.get(LABEL + "config-hash"),
        compose_version=labels.get(LABEL + "version"),
        is_one_off=labels.get(LABEL + "oneoff") == "True",
        state=state["Status"],
        health=_health(state.get("Health") or {}),
        exit_code=int(state["ExitCode"]),
        restart_count=int(raw["RestartCount"]),
        addresses=_addresses(raw["NetworkSettings"].get("Networks") or {}),
        ports=_ports(raw),
        mounts=tuple(_mount(mount) for mount in raw.get("Mounts") or () if mount["Type"] in MOUNT_KINDS),
        environment=environment_of(raw["Config"].get("Env") or ()),
        command=tuple(raw["Config"].get("Cmd") or ()),
        entrypoint=tuple(raw["Config"].get("Entrypoint") or ()),
        user=raw["Config"].get("User") or "",
        working_folder=raw["Config"].get("WorkingDir") or "",
        labels={name: value for name, value in labels.items() if not name.startswith(LABEL)},
        networks=tuple(sorted(raw["NetworkSettings"].get("Networks") or ())),
        restart=_restart(raw["HostConfig"].get("RestartPolicy") or {}),
        pid=int(state.get("Pid") or 0),
        started_at=_moment(state["StartedAt"]) if state.get("StartedAt") else None,
        health_check=_health_check(raw["Config"]),
    )


def _paths(label: str | None) -> tuple[Path, ...]:
    return tuple(Path(file) for file in (label or "").split(",") if file)


def _moment(text: str) -> datetime:
    """Parses a time in whole seconds; Python cannot parse the engine's nanoseconds."""
    return datetime.strptime(text[:19], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=timezone.utc)


def _health(raw: Mapping[str, Any]) -> str | None:
    status = str(raw.get("Status") or "none")
    return None if status == "none" else status


def _health_check(config: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns what the engine runs: a command, or a text for the image's shell."""
    kind, *words = (config.get("Healthcheck") or {}).get("Test") or ("NONE",)
    if kind == "CMD-SHELL":
        return (*(config.get("Shell") or ("/bin/sh", "-c")), " ".join(words))
    return tuple(words)


def _addresses(networks: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    found = (networks[name].get("IPAddress") for name in sorted(networks))
    return tuple(str(address) for address in found if address)


def _ports(raw: Mapping[str, Any]) -> tuple[PublishedPort, ...]:
    held = raw["NetworkSettings"].get("Ports") or raw["HostConfig"].get("PortBindings") or {}
    return tuple(
        _port(target, binding) for target, bindings in sorted(held.items()) for binding in bindings or ()
    )


def _port(target: str, binding: Mapping[str, str]) -> PublishedPort:
    number, _slash, protocol = target.partition("/")
    published = binding.get("HostPort") or "0"
    return PublishedPort(
        binding.get("HostIp") or "", int(published) if published.isdigit() else 0, int(number), protocol
    )


def _mount(raw: Mapping[str, Any]) -> Mount:
    kind = MOUNT_KINDS[raw["Type"]]
    source = raw["Name"] if kind == "volume" else raw.get("Source", "")
    return Mount(kind, source, raw["Destination"], not raw["RW"])


def _restart(raw: Mapping[str, Any]) -> str:
    """Returns the restart policy in the form of a compose file: "on-failure:3"."""
    name, tries = raw.get("Name") or "no", raw.get("MaximumRetryCount")
    return f"{name}:{tries}" if tries else str(name)


def environment_of(words: list[str] | tuple[()]) -> dict[str, Secret]:
    """Parses environment variables that an engine lists as `NAME=value`."""
    pairs = (word.partition("=") for word in words)
    return {name: Secret(value) for name, _equals, value in pairs}
