"""The Docker engine, by what Airlock needs of it. Its JSON ends here: what comes out are frozen values."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any

from installer.bundle.archive.checksums import Readable
from installer.system.docker.connection import EngineProblem, connect, translated
from installer.system.docker.containers import PROJECT_LABEL, Container, parse_container
from installer.system.docker.engine_version import EngineVersion, parse_version
from installer.system.docker.held_images import Holding, ImageDefaults, StoredImage, holding, parse_image
from installer.system.docker.save import saving
from installer.system.docker.scratch import Scratch
from installer.system.docker.volumes import Volume, parse_volume
from installer.system.process.streaming import writing_side_by_side
from installer.text import _

if TYPE_CHECKING:
    from docker import APIClient

__all__ = [
    "Container",
    "Engine",
    "EngineProblem",
    "EngineVersion",
    "Holding",
    "ImageDefaults",
    "StoredImage",
    "Volume",
    "holding",
]

PROBE_LABEL = "airlock.probe"


class Engine:
    """A connection to one engine. Every method raises `EngineProblem` when the engine fails or goes away."""

    def __init__(self, client: "APIClient") -> None:
        self._client = client

    @cached_property
    def _facts(self) -> Mapping[str, Any]:
        """What no engine changes while it runs, nor by a restart."""
        with translated(_("tell its version")):
            facts: Mapping[str, Any] = self._client.info()
        return facts

    @classmethod
    def connect(cls) -> "Engine":
        """The engine that the `docker` command talks to. Raises `Refused` when it cannot be used."""
        return cls(connect())

    @cached_property
    def _version(self) -> EngineVersion:
        with translated(_("tell its version")):
            version: Mapping[str, Any] = self._client.version()
        return parse_version(version, self._facts)

    def version(self) -> EngineVersion:
        """Versions, platform and storage of the engine: asked once."""
        return self._version

    def answers(self) -> bool:
        """Whether the engine is there: one that is being restarted is away for some seconds."""
        try:
            with translated(_("tell its version")):
                self._client.version()
        except EngineProblem:
            return False
        return True

    def identity(self) -> str:
        """What tells this engine from every other: its own ID, which it keeps when it restarts."""
        return str(self._facts["ID"])

    def data_folder(self) -> str:
        """Where the engine keeps everything, on its machine."""
        return str(self._facts["DockerRootDir"])

    def image(self, reference_or_id: str) -> StoredImage | None:
        """The image of that reference or ID, None when the engine holds none."""
        with translated(_("look up the image {reference}", reference=reference_or_id)):
            raw = _or_none(lambda: self._client.inspect_image(reference_or_id))  # type: ignore[no-untyped-call]
        return None if raw is None else parse_image(raw)

    def images(self) -> tuple[StoredImage, ...]:
        """Every image that is tagged or used."""
        with translated(_("list the images")):
            ids: list[str] = sorted({raw["Id"] for raw in self._client.images()})
        return tuple(image for image in map(self.image, ids) if image is not None)

    def tag(self, image_id: str, reference: str) -> None:
        """Give an image one more name, taking the name from another image that has it."""
        from docker.utils import parse_repository_tag

        repository, tag = parse_repository_tag(reference)
        with translated(_("name the image {id} {reference}", id=image_id, reference=reference)):
            self._client.tag(image_id, repository, tag)

    def save(self, references: Sequence[str]) -> AbstractContextManager[Readable]:
        """Yield images as one archive, shared layers once: what `docker save a b c` writes.

        Reading it raises `EngineProblem` when the engine fails. The stream is not deterministic.
        """
        return saving(self._client, references)

    def load(self, archives: int = 1) -> AbstractContextManager[Sequence[IO[bytes]]]:
        """Yield so many streams, each for an archive of images; they are taken over side by side.

        Raises `ToolFailed` with the engine's words at the end of the body if it failed; a body that raises
        ends the loads. An engine with containerd's store may report success and yet hold an unusable image:
        look at `holding` and `can_create` afterwards.
        """
        return writing_side_by_side(("docker", "load", "--quiet"), archives)

    def containers(self, *, project: str | None = None) -> tuple[Container, ...]:
        """Every container, stopped ones too, by name; or those of one compose project."""
        filters = {"label": f"{PROJECT_LABEL}={project}"} if project is not None else None
        with translated(_("list the containers")):
            ids: list[str] = [raw["Id"] for raw in self._client.containers(all=True, filters=filters)]
        found = (container for container in map(self.container, ids) if container is not None)
        return tuple(sorted(found, key=lambda container: container.name))

    def container(self, id_or_name: str) -> Container | None:
        """The container of that ID or name, None when there is none."""
        with translated(_("look up the container {name}", name=id_or_name)):
            raw = _or_none(lambda: self._client.inspect_container(id_or_name))
        return None if raw is None else parse_container(raw)

    def stop(self, container_id: str, timeout_seconds: int) -> None:
        """Ask a container's program to end; kill it after the timeout. A stopped one stays stopped."""
        with translated(_("stop the container {name}", name=container_id)):
            self._client.stop(container_id, timeout=timeout_seconds)

    def remove_container(self, container_id: str) -> None:
        """Remove a container that does not run, if it is still there; all its volumes stay."""
        with translated(_("remove the container {name}", name=container_id)):
            _or_none(lambda: self._client.remove_container(container_id))

    def networks(self) -> frozenset[str]:
        """The names of all networks."""
        with translated(_("list the networks")):
            return frozenset(raw["Name"] for raw in self._client.networks())

    def volumes(self) -> frozenset[str]:
        """The names of all volumes."""
        with translated(_("list the volumes")):
            listed: Mapping[str, Any] = self._client.volumes()
        return frozenset(raw["Name"] for raw in listed["Volumes"] or ())

    def volume(self, name: str) -> Volume | None:
        """The volume of that name, None when there is none."""
        with translated(_("look up the volume {name}", name=name)):
            raw = _or_none(lambda: self._client.inspect_volume(name))
        return None if raw is None else parse_volume(raw)

    def create_volume(self, name: str, labels: Mapping[str, str]) -> Volume:
        """Make an empty volume on this machine; one of that name that is there already is given back."""
        with translated(_("make the volume {name}", name=name)):
            self._client.create_volume(name, labels=dict(labels))
            return parse_volume(self._client.inspect_volume(name))

    def remove_volume(self, name: str) -> None:
        """Remove a volume and what is in it, if there is one of that name."""
        with translated(_("remove the volume {name}", name=name)):
            _or_none(lambda: self._client.remove_volume(name))

    def scratch(self, site: str) -> Scratch:
        """What runs of `site` (`site_name`) make only to throw it away again."""
        return Scratch(self._client, site)

    def logs(self, container_id: str, lines: int) -> str:
        """The last lines a container wrote to stdout and stderr."""
        with translated(_("read the log of the container {name}", name=container_id)):
            raw: bytes = self._client.logs(container_id, tail=lines)
        return raw.decode("utf-8", "replace")

    def is_usable(self, image_id: str) -> bool:
        """Whether a container can be made of it: containerd's store may hold an image without its layers."""
        try:
            self.can_create(image_id)
        except EngineProblem:
            return False
        return True

    def can_create(self, image_id: str) -> None:
        """Raise `EngineProblem` unless a container can be made of the image; it is never started."""
        with translated(_("make a container of the image {id}", id=image_id)), self._probe(image_id):
            pass

    @contextmanager
    def _probe(self, image_id: str) -> Iterator[str]:
        made: Mapping[str, Any] = self._client.create_container(
            image_id, command=["true"], labels={PROBE_LABEL: "true"}
        )
        try:
            yield made["Id"]
        finally:
            self._client.remove_container(made["Id"], v=True, force=True)


def site_name(engine: Engine, project: str) -> str:
    """A word for the one place where `project` can run: the project, and the engine it runs on."""
    return f"{project}-{re.sub('[^A-Za-z0-9]', '', engine.identity())[:16]}"


def _or_none(ask: Callable[[], Any]) -> Any:
    from docker.errors import NotFound

    try:
        return ask()
    except NotFound:
        return None
