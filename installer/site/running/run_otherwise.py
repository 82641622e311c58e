"""Compares running containers with the current compose files and settings, property by property.

Compose's own digest cannot be compared: versions of Compose compute it differently, and 2.26 even for the
same files (of a service with `env_file`).

Differences are described without the values of environment variables and labels.
"""

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar

from installer.site.running.installation import Installation
from installer.system.compose.compose import ComposeModel, Mount, PublishedPort, Service
from installer.system.docker.docker import Container, ImageDefaults
from installer.system.secret import Secret
from installer.text import _

EVERYWHERE = ("", "0.0.0.0", "::")
PROXIES = re.compile(r"(http|https|ftp|no|all)_proxy", re.IGNORECASE)  # `docker` adds its own client's
Value = TypeVar("Value")
Defaults = Callable[[str], ImageDefaults | None]


def run_otherwise(installation: Installation, defaults_of: Defaults) -> dict[str, tuple[str, ...]]:
    """Returns the differences of each service's containers that are up; skips services that the files lack.

    `defaults_of` returns None for an image ID that the engine no longer has.
    """
    up = [one for one in installation.containers if one.is_up and not one.is_one_off]
    digests = installation.compose.config_hashes() if up else {}
    found: dict[str, tuple[str, ...]] = {}
    for container in up:
        service = installation.model.services.get(container.service or "")
        if service is not None and digests.get(service.name) != container.config_hash:
            new = differences(installation.model, service, container, defaults_of(container.image_id))
            found[service.name] = tuple(dict.fromkeys((*found.get(service.name, ()), *new)))
    return {name: words for name, words in sorted(found.items()) if words}


def differences(
    model: ComposeModel, service: Service, container: Container, image: ImageDefaults | None
) -> tuple[str, ...]:
    """Returns the properties of `container` that differ from its `service` in the files."""
    return (
        *_image(service, container),
        *_program(service, container, image),
        *_named(_("environment"), _environment(service, container, image)),
        *_named(_("labels"), _labels(service, container, image)),
        *_named(_("ports"), _ports(service, container)),
        *_named(_("mounts"), _mounts(model, service, container)),
        *_named(_("networks"), _networks(model, service, container)),
        *_restart(service, container),
    )


def _named(what: str, names: Iterator[str]) -> tuple[str, ...]:
    listed = ", ".join(sorted(set(names)))
    return (f"{what}: {listed}",) if listed else ()


def _image(service: Service, container: Container) -> Iterator[str]:
    """Compares the image; the image name of a service with only `build` is made by Compose and is skipped."""
    if service.image and service.image != container.image:
        yield _(
            "image: {now} is running, {written} is configured", now=container.image, written=service.image
        )


def _program(service: Service, container: Container, image: ImageDefaults | None) -> Iterator[str]:
    """Compares command, entrypoint, user and folder; defaults of a missing image count as equal."""
    default = image or ImageDefaults(
        container.command, container.entrypoint, {}, container.user, container.working_folder
    )
    entrypoint = default.entrypoint if service.entrypoint is None else _given(service.entrypoint)
    if entrypoint != container.entrypoint:
        yield _("entrypoint")
    if _command(service, default) != container.command:
        yield _("command")
    if (service.user or default.user) != container.user:
        yield _("user")
    if (service.working_dir or default.working_dir) != container.working_folder:
        yield _("working directory")


def _given(entrypoint: tuple[str, ...]) -> tuple[str, ...]:
    return () if entrypoint == ("",) else entrypoint


def _command(service: Service, default: ImageDefaults) -> tuple[str, ...]:
    """Returns the expected command; the engine drops the image's if the service sets an entrypoint."""
    return service.command or (() if service.entrypoint else default.command)


def _environment(service: Service, container: Container, image: ImageDefaults | None) -> Iterator[str]:
    there = container.environment
    yield from (name for name, value in service.environment.items() if there.get(name, Secret("")) != value)
    if image is not None:
        more = _more(there, service.environment, image.environment)
        yield from (name for name in more if not PROXIES.fullmatch(name))


def _labels(service: Service, container: Container, image: ImageDefaults | None) -> Iterator[str]:
    yield from (name for name, value in service.labels.items() if container.labels.get(name) != value)
    if image is not None:
        more = _more(container.labels, service.labels, image.labels)
        yield from (name for name in more if not name.startswith(("com.docker.", "desktop.docker.")))


def _more(
    there: Mapping[str, Value], written: Mapping[str, Value], image: Mapping[str, Value]
) -> Iterator[str]:
    """Yields names that come from neither the files nor the image."""
    return (name for name in there if name not in written and there[name] != image.get(name))


def _ports(service: Service, container: Container) -> Iterator[str]:
    written = {_port(one) for one in service.ports}
    any_port = {(ip, target, protocol) for ip, published, target, protocol in written if not published}
    there = {
        (ip, 0 if (ip, target, protocol) in any_port else published, target, protocol)
        for ip, published, target, protocol in map(_port, container.ports)
    }
    yield from (f"{target}/{protocol}" for _ip, _published, target, protocol in written ^ there)


def _port(one: PublishedPort) -> tuple[str, int, int, str]:
    return ("" if one.host_ip in EVERYWHERE else one.host_ip, one.published, one.target, one.protocol)


def _mounts(model: ComposeModel, service: Service, container: Container) -> Iterator[str]:
    """Compares the mounts; ignores anonymous volumes, which the image or Docker creates."""
    written = {posixpath.normpath(one.target): one for one in service.mounts}
    there = {posixpath.normpath(one.target): one for one in container.mounts}
    files = {posixpath.normpath(one.target): one for one in service.files}
    for target, mount in written.items():
        if target not in there or not _is_same(_real(mount, model), there[target]):
            yield target
    for target, mount in there.items():
        if target in files and target not in written:
            if not _is_same(files[target], mount):
                yield target
        elif target not in written and not service.volumes_from and not mount.is_anonymous:
            yield target


def _real(mount: Mount, model: ComposeModel) -> Mount:
    source = model.volumes.get(mount.source, mount.source) if mount.kind == "volume" else mount.source
    return Mount(mount.kind, source, mount.target, mount.read_only)


def _is_same(written: Mount, there: Mount) -> bool:
    if (written.kind, written.read_only) != (there.kind, there.read_only):
        return False
    if written.kind == "bind":
        return posixpath.normpath(written.source) == posixpath.normpath(there.source)
    return written.source == there.source or (
        not written.source and (there.is_anonymous or there.kind == "tmpfs")
    )


def _networks(model: ComposeModel, service: Service, container: Container) -> Iterator[str]:
    """Yields missing networks; extra ones may have been joined by hand (`docker network connect`)."""
    written = (model.networks.get(key, key) for key in service.networks)
    yield from (name for name in written if name not in container.networks)


def _restart(service: Service, container: Container) -> Iterator[str]:
    if service.restart != container.restart:
        yield _("restart policy")


def in_words(found: Mapping[str, Sequence[str]]) -> list[str]:
    """Returns a line per service."""
    return [f"{name}: {'; '.join(words)}" for name, words in found.items()]
