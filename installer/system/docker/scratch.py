"""Creates and removes temporary containers, networks, volumes and images, all with the site's label.

A killed run cannot remove them; the next run of the site finds them by the label. The site's lock guarantees
that none of them belongs to another active run.
"""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from installer.system.compose.model import Mount
from installer.system.docker.connection import translated
from installer.system.docker.path_inspector import PathInspector, empty_image
from installer.system.engine_problems import EngineProblem
from installer.system.process.signals import held_back
from installer.system.secret import Secret
from installer.text import _

if TYPE_CHECKING:
    from docker import APIClient
    from docker.types import Mount as EngineMount

SCRATCH_LABEL = "airlock.scratch"
CPU_SHARES = 256  # of the default 1024: the application has priority
GONE, BEING_REMOVED = 404, 409
FIRST_TO_DIE = 500  # of 1000: when the host runs out of memory, not the application's own database


@dataclass(frozen=True)
class Program:
    """A program in its own container, as root, without access from outside.

    `words` follow `entrypoint` (default: the image's). With `beside`, the ID of a container, it shares that
    container's network and can read its mounts.
    """

    image: str
    words: tuple[str, ...]
    entrypoint: tuple[str, ...] | None = None
    environment: Mapping[str, Secret] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    network: str = "none"
    beside: str | None = None
    memory_bytes: int | None = None


class Scratch:
    """A context that removes leftovers of killed runs before the body, and everything created after it.

    What is begun in the engine is finished before a signal takes effect: else it could appear after the
    clean-up. Calls `warn` if something could not be deleted; the next run of the site deletes it.
    """

    def __init__(self, client: "APIClient", site: str, warn: Callable[[str], None]) -> None:
        self._client, self._warn = client, warn
        self._labels = {SCRATCH_LABEL: site}

    def __enter__(self) -> "Scratch":
        self.sweep()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with held_back():
            try:
                self.sweep()
            except EngineProblem as obstacle:  # what the body did matters more
                self._warn(_about_leftovers(obstacle))

    def new_volume(self) -> str:
        """Creates an empty volume and returns its name."""
        return self._volume({})

    def _volume(self, options: Mapping[str, str]) -> str:
        with held_back(), translated(_("create a volume")):
            made: Mapping[str, Any] = self._client.create_volume(
                _fresh_name(), driver="local", driver_opts=dict(options), labels=self._labels
            )
        return str(made["Name"])

    def new_overlay(self, folder: Path) -> str:
        """Creates a volume with the files of a folder, which stay as they are, and returns its name.

        What is written to it goes to another volume. The engine mounts it with the first container; where
        the kernel or the filesystem cannot, that raises `EngineProblem`.
        """
        place = self.place_of(self.new_volume())
        written, work = place / "written", place / "work"
        for beside in (written, work):
            beside.mkdir()
        shutil.copystat(folder, written)  # the root of an overlay has owner and mode of this one
        status = folder.stat()
        os.chown(written, status.st_uid, status.st_gid)
        options = f"lowerdir={_escaped(folder)},upperdir={_escaped(written)},workdir={_escaped(work)}"
        return self._volume({"type": "overlay", "device": "overlay", "o": options})

    def place_of(self, volume: str) -> Path:
        """Returns the folder of a volume's files."""
        with translated(_("look up the volume {name}", name=volume)):
            described: Mapping[str, Any] = self._client.inspect_volume(volume)
        return Path(described["Mountpoint"])

    def new_network(self) -> str:
        """Creates a network that reaches only this host, and returns its name."""
        name = _fresh_name()
        with held_back(), translated(_("create a network")):
            self._client.create_network(name, internal=True, labels=self._labels)
        return name

    def start(self, program: Program) -> str:
        """Starts a program and returns the ID of its container, which is never restarted automatically."""
        with held_back(), translated(_("start a container from the image {id}", id=program.image)):
            made: Mapping[str, Any] = self._client.create_container(
                program.image,
                list(program.words),
                user="0",
                entrypoint=None if program.entrypoint is None else list(program.entrypoint),
                environment={name: value.reveal() for name, value in program.environment.items()},
                labels=self._labels,
                host_config=self._host_config(program),
            )
            self._client.start(made["Id"])
        return str(made["Id"])

    def command_of(self, image: str) -> tuple[str, ...]:
        """Returns the default arguments of the image's entrypoint."""
        with translated(_("look up the image {reference}", reference=image)):
            described: Mapping[str, Any] = self._client.inspect_image(image)  # type: ignore[no-untyped-call]
        return tuple(described["Config"].get("Cmd") or ())

    def new_image(self) -> str:
        """Creates an empty image for a container that is never started, and returns its ID."""
        return empty_image(self._client, self._labels)

    def inspector_of(self, image: str, places: Sequence[Path]) -> PathInspector:
        """Returns an inspector of `places` as the engine sees them; `image` comes from `new_image`."""
        return PathInspector(self._client, image, places, self._labels)

    def sweep(self) -> None:
        """Removes everything with the site's label, no matter which run created it."""
        with translated(_("delete the leftovers of a rehearsal")):
            for container in self._client.containers(all=True, filters=self._filter()):
                self._remove(partial(self._client.remove_container, container["Id"], v=True, force=True))
            for network in self._client.networks(filters=self._filter()):
                self._remove(partial(self._client.remove_network, network["Id"]))
            volumes: Mapping[str, Any] = self._client.volumes(filters=self._filter())
            for volume in volumes["Volumes"] or ():
                self._remove(partial(self._client.remove_volume, volume["Name"]))
            for image in self._client.images(filters=self._filter()):
                self._remove(partial(self._client.remove_image, image["Id"], force=True))

    def _remove(self, remove: Callable[[], object]) -> None:
        """Removes an object, unless another thread was faster: the one that watches the disk sweeps too."""
        from docker.errors import APIError

        try:
            remove()
        except APIError as failure:
            if failure.status_code not in (GONE, BEING_REMOVED):
                raise

    def _filter(self) -> dict[str, str]:
        return {"label": "=".join(*self._labels.items())}

    def _host_config(self, program: Program) -> dict[str, Any]:
        network = program.network if program.beside is None else f"container:{program.beside}"
        config: dict[str, Any] = self._client.create_host_config(
            network_mode=network,
            volumes_from=[f"{program.beside}:ro"] if program.beside else None,
            mounts=[_mount(mount) for mount in program.mounts],
            mem_limit=program.memory_bytes,
            memswap_limit=program.memory_bytes,
            oom_score_adj=FIRST_TO_DIE,
            cpu_shares=CPU_SHARES,
        )
        return config


def _about_leftovers(obstacle: EngineProblem) -> str:
    return _(
        "What the rehearsal created in the engine could not be deleted; the next run deletes it. {problem}",
        problem=obstacle.happened,
    )


def _mount(mount: Mount) -> "EngineMount":
    from docker.types import Mount as EngineMount

    return EngineMount(mount.target, mount.source, type=mount.kind, read_only=mount.read_only)


def _escaped(path: Path) -> str:
    """Returns a path as the options of an overlay have it. Raises `EngineProblem` if they cannot."""
    if "," in str(path):
        raise EngineProblem(_("This path cannot be mounted so: {path}", path=path))
    return str(path).replace("\\", "\\\\").replace(":", "\\:")


def _fresh_name() -> str:
    return f"airlock-scratch-{secrets.token_hex(4)}"
