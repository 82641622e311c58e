"""Sends requests to the Docker engine and parses its JSON into frozen values."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import cached_property, partial
from typing import IO, TYPE_CHECKING, Any

from installer.bundle.archive.checksums import Readable
from installer.bundle.images.manifest_digests import is_manifest_of
from installer.bundle.manifest.manifest import Image
from installer.system.docker.connection import connect, translated
from installer.system.docker.containers import PROJECT_LABEL, Container, parse_container
from installer.system.docker.engine_version import EngineVersion, parse_version
from installer.system.docker.held_images import Holding, ImageDefaults, StoredImage, holding, parse_image
from installer.system.docker.recognition.engine_kind import EngineKind, parse_kind
from installer.system.docker.save import has_config, saving, saving_files
from installer.system.docker.scratch import Scratch
from installer.system.docker.volumes import Volume, parse_volume
from installer.system.engine_problems import EngineProblem
from installer.system.process.patience import Patience
from installer.system.process.signals import held_back
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
LOAD = ("docker", "load", "--quiet")


class Engine:
    """A connection to an engine. Every method raises `EngineProblem` if the engine fails or disconnects."""

    def __init__(self, open_client: Callable[[], "APIClient"]) -> None:
        self._open_client = open_client
        self._configs: dict[tuple[str, Image], bool] = {}

    @cached_property
    def _client(self) -> "APIClient":
        return self._open_client()

    @cached_property
    def _facts(self) -> Mapping[str, Any]:
        """Returns facts that an engine never changes, even by a restart."""
        with translated(_("report its version")):
            facts: Mapping[str, Any] = self._client.info()
        return facts

    @classmethod
    def connect(cls, *, may_be_elsewhere: bool = False) -> "Engine":
        """Connects to the engine that the `docker` command uses. Raises `Refused` if that is impossible.

        An engine on another machine is refused unless it `may_be_elsewhere`: files are copied on this one.
        """
        client = connect(may_be_elsewhere=may_be_elsewhere)
        return cls(lambda: client)

    @classmethod
    def later(cls, *, may_be_elsewhere: bool = False) -> "Engine":
        """Returns the same engine, to which its first method connects, and then raises `Refused` as well."""
        return cls(partial(connect, may_be_elsewhere=may_be_elsewhere))

    @cached_property
    def _versions(self) -> Mapping[str, Any]:
        with translated(_("report its version")):
            versions: Mapping[str, Any] = self._client.version()
        return versions

    def version(self) -> EngineVersion:
        """Returns versions, platform and storage of the engine; requests them only once."""
        return parse_version(self._versions, self._facts)

    def kind(self) -> EngineKind:
        """Returns what sets this engine apart from one that was installed as usual; requests it only once."""
        return parse_kind(self._versions, self._facts)

    def answers(self) -> bool:
        """Returns whether the engine responds: during a restart, it does not for some seconds."""
        try:
            with translated(_("report its version")):
                self._client.version()
        except EngineProblem:
            return False
        return True

    def identity(self) -> str:
        """Returns the engine's unique ID, which it keeps across restarts."""
        return str(self._facts["ID"])

    def data_folder(self) -> str:
        """Returns the engine's data folder, on its machine."""
        return str(self._facts["DockerRootDir"])

    def image(self, reference_or_id: str) -> StoredImage | None:
        """Returns the image with this reference or ID; None if the engine has none."""
        with translated(_("look up the image {reference}", reference=reference_or_id)):
            raw = _or_none(lambda: self._client.inspect_image(reference_or_id))  # type: ignore[no-untyped-call]
        return None if raw is None else parse_image(raw)

    def images(self) -> tuple[StoredImage, ...]:
        """Returns every image that is tagged or used."""
        with translated(_("list the images")):
            ids: list[str] = sorted({raw["Id"] for raw in self._client.images()})
        return tuple(image for image in map(self.image, ids) if image is not None)

    def tag(self, image_id: str, reference: str) -> None:
        """Adds a name to an image; another image with this name loses it."""
        from docker.utils import parse_repository_tag

        repository, tag = parse_repository_tag(reference)
        with translated(_("tag the image {id} as {reference}", id=image_id, reference=reference)):
            self._client.tag(image_id, repository, tag)

    def save(self, references: Sequence[str]) -> AbstractContextManager[Readable]:
        """Yields images as one archive, with shared layers once, like `docker save a b c`.

        Reading it raises `EngineProblem` if the engine fails. The stream is not deterministic.
        """
        return saving(self._client, references)

    def has_config(self, image_id: str, promised: Image) -> bool:
        """Returns whether an image of containerd's store has the config of the one that a package promises.

        Saves it to find out, once, unless it has the package's own manifest: minutes for a large image.
        """
        asked = (image_id, promised)
        if asked not in self._configs:
            self._configs[asked] = is_manifest_of(image_id, promised) or self._saves(image_id, promised.id)
        return self._configs[asked]

    def _saves(self, image_id: str, config: str) -> bool:
        with self.save([image_id]) as saved:
            return has_config(saved, config)

    @contextmanager
    def file_system(self, image_id: str) -> Iterator[Readable]:
        """Yields all files of an image as one archive, read without running anything of the image."""
        with self._translated_probe(image_id) as container, saving_files(self._client, container) as stream:
            yield stream

    def load(
        self, archives: int = 1, told: Callable[[float], None] = lambda seconds: None
    ) -> AbstractContextManager[Sequence[IO[bytes]]]:
        """Yields this number of streams, each for an archive of images; they are loaded in parallel.

        Calls `told` each minute with the seconds for which the engine has neither read nor finished. It may
        raise. With containerd's store, a load waits for another client's unfinished one of the same blobs.

        Raises `ToolFailed` with the engine's message at the end of the body if a load failed; an exception in
        the body ends the loads. An engine with containerd's store may report success for an unusable image:
        check `holding` and `can_create` afterwards.
        """
        return writing_side_by_side(LOAD, archives, Patience(LOAD, told=told))

    def containers(self, *, project: str | None = None) -> tuple[Container, ...]:
        """Returns all containers, including stopped ones, by name; or those of one compose project."""
        filters = {"label": f"{PROJECT_LABEL}={project}"} if project is not None else None
        with translated(_("list the containers")):
            ids: list[str] = [raw["Id"] for raw in self._client.containers(all=True, filters=filters)]
        found = (container for container in map(self.container, ids) if container is not None)
        return tuple(sorted(found, key=lambda container: container.name))

    def container(self, id_or_name: str) -> Container | None:
        """Returns the container with this ID or name; None if there is none."""
        with translated(_("look up the container {name}", name=id_or_name)):
            raw = _or_none(lambda: self._client.inspect_container(id_or_name))
        return None if raw is None else parse_container(raw)

    def start(self, container_id: str) -> None:
        """Starts a container unchanged; a running one stays as it is."""
        with translated(_("start the container {name}", name=container_id)):
            self._client.start(container_id)

    def begin(self, container_id: str, command: Sequence[str]) -> str:
        """Starts a command in a running container, as its user and in its environment; returns its ID."""
        with translated(_("run a command in the container {name}", name=container_id)):
            made: Mapping[str, Any] = self._client.exec_create(container_id, list(command))
            self._client.exec_start(made["Id"], detach=True)
        return str(made["Id"])

    def exit_code(self, command_id: str) -> int | None:
        """Returns the exit code of a command that was begun; None while it runs, -1 if it cannot be known."""
        with translated(_("look up a command in a container")):
            found: Mapping[str, Any] = self._client.exec_inspect(command_id)
        code = found["ExitCode"]
        return None if found["Running"] else -1 if code is None else int(code)

    def stop(self, container_id: str, timeout_seconds: int) -> None:
        """Stops a container, and kills it after the timeout. A stopped one stays stopped."""
        with translated(_("stop the container {name}", name=container_id)):
            self._client.stop(container_id, timeout=timeout_seconds)

    def remove_container(self, container_id: str) -> None:
        """Removes a stopped container, if it exists; keeps all its volumes."""
        with translated(_("delete the container {name}", name=container_id)):
            _or_none(lambda: self._client.remove_container(container_id))

    def networks(self) -> frozenset[str]:
        """Returns the names of all networks."""
        with translated(_("list the networks")):
            return frozenset(raw["Name"] for raw in self._client.networks())

    def volumes(self) -> frozenset[str]:
        """Returns the names of all volumes."""
        with translated(_("list the volumes")):
            listed: Mapping[str, Any] = self._client.volumes()
        return frozenset(raw["Name"] for raw in listed["Volumes"] or ())

    def volume(self, name: str) -> Volume | None:
        """Returns the volume with this name; None if there is none."""
        with translated(_("look up the volume {name}", name=name)):
            raw = _or_none(lambda: self._client.inspect_volume(name))
        return None if raw is None else parse_volume(raw)

    def create_volume(self, name: str, labels: Mapping[str, str]) -> Volume:
        """Creates an empty volume on this machine; returns an existing volume with this name unchanged."""
        with translated(_("create the volume {name}", name=name)):
            self._client.create_volume(name, labels=dict(labels))
            return parse_volume(self._client.inspect_volume(name))

    def remove_volume(self, name: str) -> None:
        """Deletes a volume and all its data, if there is one with this name."""
        with translated(_("delete the volume {name}", name=name)):
            _or_none(lambda: self._client.remove_volume(name))

    def scratch(self, site: str, warn: Callable[[str], None] = lambda line: None) -> Scratch:
        """Returns the temporary objects of `site` (from `site_name`); calls `warn` of what is left."""
        return Scratch(self._client, site, warn)

    def logs(self, container_id: str, lines: int) -> str:
        """Returns the last lines that a container wrote to stdout and stderr."""
        with translated(_("read the log of the container {name}", name=container_id)):
            raw: bytes = self._client.logs(container_id, tail=lines)
        return raw.decode("utf-8", "replace")

    def is_usable(self, image_id: str) -> bool:
        """Returns whether a container can be created from it: containerd's store may lack its layers."""
        try:
            self.can_create(image_id)
        except EngineProblem:
            return False
        return True

    def can_create(self, image_id: str) -> None:
        """Raises `EngineProblem` unless a container can be created from the image; never starts it."""
        asked = _("create a container from the image {id}", id=image_id)
        with held_back(), translated(asked), self._probe(image_id):
            pass

    @contextmanager
    def _translated_probe(self, image_id: str) -> Iterator[str]:
        asked = _("create a container from the image {id}", id=image_id)
        with ExitStack() as probe:
            with held_back(), translated(asked):
                container = probe.enter_context(self._probe(image_id))
            yield container

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
    """Returns a unique name for a site: the project, and the engine that it runs on."""
    return f"{project}-{re.sub('[^A-Za-z0-9]', '', engine.identity())[:16]}"


def _or_none(ask: Callable[[], Any]) -> Any:
    from docker.errors import NotFound

    try:
        return ask()
    except NotFound:
        return None
