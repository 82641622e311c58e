"""What a Compose project is made of, as frozen values. Reading them out of Compose's own JSON lives here,
asking Compose for it in `compose`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from installer.system.secret import Secret

MountKind = Literal["bind", "volume", "tmpfs"]
MOUNT_KINDS: dict[str, MountKind] = {"bind": "bind", "volume": "volume", "tmpfs": "tmpfs"}


@dataclass(frozen=True)
class PublishedPort:
    """A host's port that leads into a container: `host_ip` "" is every address, `published` 0 any port."""

    host_ip: str
    published: int
    target: int
    protocol: str


@dataclass(frozen=True)
class Mount:
    """Something from outside in a container's tree.

    `source` is a path (bind), or a volume's name: its key in `ComposeModel.volumes` when it comes from a
    compose file, its real name when it comes from a container; "" for an anonymous volume of a compose file.
    """

    kind: MountKind
    source: str
    target: str
    read_only: bool


@dataclass(frozen=True)
class Service:
    """One service, everything interpolated. `depends_on` holds names of services.

    `command` and `entrypoint` are None where the image's own are taken.
    """

    name: str
    image: str
    container_name: str | None
    environment: Mapping[str, Secret]
    mounts: tuple[Mount, ...]
    ports: tuple[PublishedPort, ...]
    depends_on: tuple[str, ...]
    has_healthcheck: bool
    restart: str
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None


@dataclass(frozen=True)
class ComposeModel:
    """A project as Compose understands it.

    `volumes`: key in the file → the volume's real name; `external_volumes`: real names of those that
    Compose expects to be there and never makes.
    """

    project: str
    services: Mapping[str, Service]
    volumes: Mapping[str, str]
    external_volumes: frozenset[str] = frozenset()


def parse_model(config_json: str) -> ComposeModel:
    """The project out of `docker compose config --format json`, which doubles every `$` of a value."""
    config = json.loads(config_json.replace("$$", "$"))
    services = {name: _service(name, raw) for name, raw in sorted(config["services"].items())}
    found = sorted((config.get("volumes") or {}).items())
    volumes = {key: raw["name"] for key, raw in found}
    external = frozenset(raw["name"] for _key, raw in found if raw.get("external"))
    return ComposeModel(config["name"], services, volumes, external)


def _service(name: str, raw: Mapping[str, Any]) -> Service:
    return Service(
        name=name,
        image=raw.get("image", ""),
        container_name=raw.get("container_name"),
        environment={key: Secret(value or "") for key, value in (raw.get("environment") or {}).items()},
        mounts=tuple(_mount(mount) for mount in raw.get("volumes") or () if mount["type"] in MOUNT_KINDS),
        ports=tuple(_port(port) for port in raw.get("ports") or ()),
        depends_on=tuple(raw.get("depends_on") or ()),
        has_healthcheck=_has_healthcheck(raw.get("healthcheck") or {}),
        restart=raw.get("restart") or "no",
        command=_words(raw.get("command")),
        entrypoint=_words(raw.get("entrypoint")),
    )


def _words(raw: list[str] | None) -> tuple[str, ...] | None:
    return None if raw is None else tuple(raw)


def _mount(raw: Mapping[str, Any]) -> Mount:
    return Mount(MOUNT_KINDS[raw["type"]], raw.get("source", ""), raw["target"], raw.get("read_only", False))


def _port(raw: Mapping[str, Any]) -> PublishedPort:
    published = str(raw.get("published", ""))
    return PublishedPort(
        host_ip=raw.get("host_ip", ""),
        published=int(published) if published.isdigit() else 0,
        target=int(raw["target"]),
        protocol=raw.get("protocol", "tcp"),
    )


def _has_healthcheck(raw: Mapping[str, Any]) -> bool:
    return bool(raw.get("test")) and not raw.get("disable", False) and raw["test"] != ["NONE"]
