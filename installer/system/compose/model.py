"""Defines a Compose project as frozen values, and parses them from Compose's JSON. `compose` runs Compose."""

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from installer.system.compose.service_urls import ServiceUrl, urls_to
from installer.system.secret import Secret

MountKind = Literal["bind", "volume", "tmpfs"]
MOUNT_KINDS: dict[str, MountKind] = {"bind": "bind", "volume": "volume", "tmpfs": "tmpfs"}

FILE_PLACES = {"secrets": "/run/secrets", "configs": "/"}  # where they are mounted in a container


@dataclass(frozen=True)
class PublishedPort:
    """A port published on the host: `host_ip` "" means every address, `published` 0 any port."""

    host_ip: str
    published: int
    target: int
    protocol: str


@dataclass(frozen=True)
class Mount:
    """A mount of a container.

    `source` is a path (bind) or a volume's name: its key in `ComposeModel.volumes` if it comes from a compose
    file, its real name if it comes from a container; "" for an anonymous volume of a compose file.
    """

    kind: MountKind
    source: str
    target: str
    read_only: bool

    @property
    def is_anonymous(self) -> bool:
        """Returns whether it is a container's anonymous volume: Docker names these by 64 digits."""
        return self.kind == "volume" and re.fullmatch(r"[0-9a-f]{64}", self.source) is not None


@dataclass(frozen=True)
class Dependency:
    """A service that must be "service_started", "service_healthy" or "service_completed_successfully"."""

    service: str
    condition: str


@dataclass(frozen=True)
class Service:
    """A service, fully interpolated.

    `command`, `entrypoint`, `user` and `working_dir` are None if the image's defaults apply. `networks` are
    keys in `ComposeModel.networks`. `files` are secrets and configs from files of the host, `variables` the
    environment variables of the other secrets and configs; Compose requires each of them. `urls` are those of
    other services that lead to this one. Only Compose can start it where `starts_by_compose`: with commands
    of its own after the start, or with parts of another service's container.
    """

    name: str
    image: str
    container_name: str | None
    environment: Mapping[str, Secret]
    mounts: tuple[Mount, ...]
    ports: tuple[PublishedPort, ...]
    depends_on: tuple[Dependency, ...]
    has_healthcheck: bool
    restart: str
    command: tuple[str, ...] | None = None
    entrypoint: tuple[str, ...] | None = None
    user: str | None = None
    working_dir: str | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    networks: tuple[str, ...] = ()
    profiles: tuple[str, ...] = ()
    files: tuple[Mount, ...] = ()
    variables: tuple[str, ...] = ()
    volumes_from: tuple[str, ...] = ()
    urls: tuple[ServiceUrl, ...] = ()
    starts_by_compose: bool = False


@dataclass(frozen=True)
class ComposeModel:
    """A project as Compose interprets it.

    `volumes`, `networks`: key in the file → the real name; `external_volumes`, `external_networks`: real
    names of those that Compose expects to exist and never creates. `unset_variables` are those that files
    mention and nothing sets: Compose silently treats them as empty.
    """

    project: str
    services: Mapping[str, Service]
    volumes: Mapping[str, str]
    external_volumes: frozenset[str] = frozenset()
    networks: Mapping[str, str] = field(default_factory=dict)
    external_networks: frozenset[str] = frozenset()
    unset_variables: tuple[str, ...] = ()


def parse_model(config_json: str) -> ComposeModel:
    """Parses the output of `docker compose config --format json`, which doubles every `$` of a value."""
    config = json.loads(config_json.replace("$$", "$"))
    made = {kind: config.get(kind) or {} for kind in FILE_PLACES}
    given = config["services"]
    services = {
        name: replace(_service(name, raw, made), urls=urls_to(name, given))
        for name, raw in sorted(given.items())
    }
    volumes, external_volumes = _names(config.get("volumes") or {})
    networks, external_networks = _names(config.get("networks") or {})
    return ComposeModel(config["name"], services, volumes, external_volumes, networks, external_networks)


def _names(found: Mapping[str, Mapping[str, Any]]) -> tuple[dict[str, str], frozenset[str]]:
    """Returns the real names of all by key, and the real names of the external ones."""
    names = {key: raw["name"] for key, raw in sorted(found.items())}
    return names, frozenset(names[key] for key, raw in found.items() if raw.get("external"))


def _service(name: str, raw: Mapping[str, Any], made: Mapping[str, Mapping[str, Any]]) -> Service:
    return Service(
        name=name,
        image=raw.get("image", ""),
        container_name=raw.get("container_name"),
        environment={key: Secret(value or "") for key, value in (raw.get("environment") or {}).items()},
        mounts=tuple(_mount(mount) for mount in raw.get("volumes") or () if mount["type"] in MOUNT_KINDS),
        ports=tuple(_port(port) for port in raw.get("ports") or ()),
        depends_on=_dependencies(raw.get("depends_on") or {}),
        has_healthcheck=_has_healthcheck(raw.get("healthcheck") or {}),
        restart=raw.get("restart") or _deployed_restart(raw.get("deploy") or {}),
        command=_words(raw.get("command")),
        entrypoint=_words(raw.get("entrypoint")),
        user=raw.get("user"),
        working_dir=raw.get("working_dir"),
        labels={key: str(value or "") for key, value in (raw.get("labels") or {}).items()},
        networks=tuple(sorted(raw.get("networks") or ())),
        profiles=tuple(raw.get("profiles") or ()),
        files=tuple(mount for kind in FILE_PLACES for mount in _file_mounts(kind, raw, made[kind])),
        variables=tuple(name for kind in FILE_PLACES for name in _variables(kind, raw, made[kind])),
        volumes_from=tuple(raw.get("volumes_from") or ()),
        starts_by_compose=_starts_by_compose(raw),
    )


def _dependencies(raw: Mapping[str, Mapping[str, Any]]) -> tuple[Dependency, ...]:
    return tuple(Dependency(name, raw[name].get("condition", "service_started")) for name in sorted(raw))


def _starts_by_compose(raw: Mapping[str, Any]) -> bool:
    shared = (str(raw.get(kind) or "") for kind in ("network_mode", "ipc", "pid"))
    shares = any(namespace.startswith("service:") for namespace in shared)
    return shares or bool(raw.get("post_start") or raw.get("volumes_from") or raw.get("links"))


def _deployed_restart(deploy: Mapping[str, Any]) -> str:
    """Returns the restart policy of `deploy:`, which Compose uses if there is no `restart:`."""
    policy = deploy.get("restart_policy") or {}
    words: dict[str, str] = {"none": "no", "any": "always"}
    condition = str(policy.get("condition") or "no")
    tries = f":{policy['max_attempts']}" if policy.get("max_attempts") else ""
    return words.get(condition, condition) + (tries if condition == "on-failure" else "")


def _file_mounts(kind: str, raw: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[Mount]:
    for use in raw.get(kind) or ():
        target = posixpath.join(FILE_PLACES[kind], use.get("target") or use["source"])
        file = made.get(use["source"], {}).get("file")
        if file:
            yield Mount("bind", file, target, True)


def _variables(kind: str, raw: Mapping[str, Any], made: Mapping[str, Any]) -> Iterator[str]:
    names = (made.get(use["source"], {}).get("environment") for use in raw.get(kind) or ())
    yield from (name for name in names if name)


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
