import io
import tarfile
import time
import uuid
from collections.abc import Iterator

import pytest

from installer.bundle.archive.checksums import CHUNK_BYTES, Readable
from installer.system.docker.docker import Container, Engine, EngineProblem, site_name
from installer.system.process.process import ToolFailed, output_of, run

pytestmark = pytest.mark.engine
BUSYBOX = "busybox:1"


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.connect()


@pytest.fixture
def name() -> Iterator[str]:
    """A fresh name; containers and images that bear it are removed afterwards."""
    fresh = f"f-{uuid.uuid4().hex[:8]}"
    yield fresh
    for words in (("rm", "--force", "--volumes", fresh), ("rmi", "--force", f"{fresh}:1")):
        run(("docker", *words))


def run_container(name: str, *words: str) -> None:
    output_of(("docker", "run", "--detach", "--name", name, *words))


def container(engine: Engine, name: str) -> Container:
    found = engine.container(name)
    assert found is not None
    return found


def wait_for_log(engine: Engine, name: str, words: str) -> None:
    deadline = time.monotonic() + 10
    while words not in engine.logs(name, 5):
        assert time.monotonic() < deadline, engine.logs(name, 50)
        time.sleep(0.05)


def make_image(reference: str, *changes: str) -> None:
    made = output_of(("docker", "create", BUSYBOX)).strip()
    output_of(
        ("docker", "commit", *(word for change in changes for word in ("--change", change)), made, reference)
    )
    output_of(("docker", "rm", made))


def remove_name(reference: str) -> None:
    """Take a name away; an image without any other goes with it."""
    output_of(("docker", "rmi", reference))


def saved(engine: Engine, *references: str) -> bytes:
    """What the engine saves of these images."""
    with engine.save(references) as stream:
        return b"".join(chunks(stream))


def contents(archive: bytes) -> list[tuple[dict[str, object], bytes]]:
    """All of an archive but the times of its members: those of the save."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        read = [(member, tar.extractfile(member) if member.isfile() else None) for member in tar]
        timeless = {"mtime": 0, "chksum": 0}  # the header's checksum covers the time
        return [({**one.get_info(), **timeless}, file.read() if file else b"") for one, file in read]


def chunks(stream: Readable) -> Iterator[bytes]:
    return iter(lambda: stream.read(CHUNK_BYTES), b"")


def test_the_engine_tells_what_it_is(engine) -> None:
    shown = output_of(("docker", "version", "--format", "{{.Server.Version}} {{.Server.APIVersion}}")).split()
    version = engine.version()
    assert [version.version, version.api] == shown
    assert version.platform == engine.image(BUSYBOX).platform
    assert version.data_root.is_absolute()


def test_the_name_of_a_site_is_the_project_on_this_engine_and_fits_a_file_name(engine) -> None:
    name = site_name(engine, "vault")
    assert name == site_name(Engine.connect(), "vault")
    assert name.startswith("vault-")
    assert name.removeprefix("vault-").isalnum()
    assert engine.identity() == output_of(("docker", "info", "--format", "{{.ID}}")).strip()


def test_an_image_is_found_by_reference_and_by_id(engine) -> None:
    found = engine.image(BUSYBOX)
    assert found is not None
    assert engine.image(found.id) == found
    assert BUSYBOX in found.tags
    assert found in engine.images()


def test_an_image_or_container_that_is_not_there_is_none(engine) -> None:
    assert (engine.image("f-gone:1"), engine.container("f-gone")) == (None, None)


def test_a_name_is_given_to_an_image(engine, name) -> None:
    busybox = engine.image(BUSYBOX)
    engine.tag(busybox.id, f"{name}:1")
    assert engine.image(f"{name}:1").id == busybox.id


def test_a_name_without_a_tag_means_latest(engine, name) -> None:
    engine.tag(engine.image(BUSYBOX).id, f"registry.example:5000/{name}")
    assert engine.image(f"registry.example:5000/{name}:latest") is not None
    remove_name(f"registry.example:5000/{name}:latest")


def test_a_name_that_docker_does_not_allow_is_an_error(engine) -> None:
    with pytest.raises(EngineProblem) as failed:
        engine.tag(engine.image(BUSYBOX).id, "Not Allowed:1")
    assert failed.value.details == (
        "invalid reference format: repository name (library/Not Allowed) must be lowercase",
    )


def test_a_saved_image_comes_back_with_the_same_id(engine, name) -> None:
    make_image(f"{name}:1", f"LABEL name={name}")
    before = engine.image(f"{name}:1")
    archive = saved(engine, f"{name}:1")
    remove_name(f"{name}:1")
    assert engine.image(before.id) is None
    with engine.load() as (stream,):
        stream.write(archive)
    assert engine.image(f"{name}:1") == before


def test_two_images_are_saved_in_one_stream_with_shared_layers_once(engine, name) -> None:
    engine.tag(engine.image(BUSYBOX).id, f"{name}:1")
    assert len(saved(engine, BUSYBOX, f"{name}:1")) < 1.5 * len(saved(engine, BUSYBOX))


def test_saving_an_image_that_is_not_there_fails_in_the_engines_words(engine) -> None:
    with pytest.raises(EngineProblem) as failed:
        saved(engine, "f-gone:1")
    words = ("reference does not exist", "No such image: f-gone:1")  # classic store, containerd's store
    assert failed.value.happened == "The Docker engine failed to save the images."
    assert failed.value.details in [(said,) for said in words]


def test_two_saves_go_on_side_by_side_and_both_are_whole(engine) -> None:
    with engine.save([BUSYBOX]) as one, engine.save([BUSYBOX]) as other:
        archives = [
            b"".join(pair) for pair in zip(*zip(chunks(one), chunks(other), strict=True), strict=True)
        ]
    assert [*map(contents, archives)] == [contents(saved(engine, BUSYBOX))] * 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", ("no such file or directory", "unrecognized image format")),
        (b"not an archive" * 1000, ("archive/tar: invalid tar header",)),
    ],
    ids=["empty", "foreign"],
)
def test_loading_what_is_no_archive_fails_in_the_engines_words(engine, content, words) -> None:
    with pytest.raises(ToolFailed) as failed, engine.load() as (stream,):
        stream.write(content)
    assert failed.value.details[-1].endswith(words)


def test_loading_a_truncated_archive_fails(engine) -> None:
    archive = saved(engine, BUSYBOX)
    with pytest.raises(ToolFailed) as failed, engine.load() as (stream,):
        stream.write(archive[: len(archive) // 2])
    assert failed.value.details[-1].endswith("unexpected EOF")


def test_a_load_whose_source_fails_in_the_middle_loads_nothing(engine, name) -> None:
    make_image(f"{name}:1", f"LABEL name={name}")
    archive = saved(engine, f"{name}:1")
    remove_name(f"{name}:1")

    with pytest.raises(KeyError), engine.load() as (stream,):
        stream.write(archive[: len(archive) - 1024])
        raise KeyError("digest")
    assert engine.image(f"{name}:1") is None


def test_a_running_container_is_read_with_its_addresses_ports_mounts_and_secrets(
    engine, name, tmp_path
) -> None:
    words = ("--publish", "127.0.0.1:18182:80", "--volume", f"{tmp_path}:/data:ro", "--env", "PASSWORD=s3")
    run_container(name, *words, BUSYBOX, "sleep", "60")
    found = container(engine, name)
    assert (found.state, found.health, found.image, found.project) == ("running", None, BUSYBOX, None)
    assert found.image_id == engine.image(BUSYBOX).id
    assert [(port.host_ip, port.published, port.target) for port in found.ports] == [("127.0.0.1", 18182, 80)]
    assert [(mount.kind, mount.source, mount.read_only) for mount in found.mounts] == [
        ("bind", str(tmp_path), True)
    ]
    assert found.environment["PASSWORD"].reveal() == "s3"
    assert [address for address in found.addresses if address.count(".") == 3] == list(found.addresses) != []


def test_a_stopped_container_is_listed_with_its_exit_code_and_no_address(engine, name) -> None:
    run_container(name, BUSYBOX, "sh", "-c", "exit 3")
    output_of(("docker", "wait", name))
    found = container(engine, name)
    assert found in engine.containers()
    assert (found.state, found.exit_code, found.addresses) == ("exited", 3, ())


def test_health_is_told_in_the_engines_word(engine, name) -> None:
    run_container(name, "--health-cmd", "true", "--health-interval", "1h", BUSYBOX, "sleep", "60")
    assert container(engine, name).health == "starting"


def test_the_containers_of_a_project_are_found_by_its_label(engine, name) -> None:
    run_container(name, "--label", f"com.docker.compose.project={name}", BUSYBOX, "sleep", "60")
    assert [found.name for found in engine.containers(project=name)] == [name]
    assert engine.containers(project=f"{name}-other") == ()


def test_a_container_is_stopped_and_may_be_stopped_again(engine, name) -> None:
    run_container(name, BUSYBOX, "sh", "-c", "trap 'exit 0' TERM; echo ready; while :; do sleep 0.1; done")
    wait_for_log(engine, name, "ready")
    engine.stop(name, 10)
    engine.stop(name, 10)
    assert (container(engine, name).state, container(engine, name).exit_code) == ("exited", 0)


def test_a_program_that_does_not_end_in_time_is_killed(engine, name) -> None:
    run_container(name, BUSYBOX, "sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done")
    wait_for_log(engine, name, "ready")
    engine.stop(name, 0)
    assert container(engine, name).exit_code == 137


def test_the_last_lines_of_a_log_are_read(engine, name) -> None:
    run_container(name, BUSYBOX, "sh", "-c", "seq 1 9; sleep 0.2; echo oops >&2")
    output_of(("docker", "wait", name))
    assert engine.logs(name, 2).splitlines() == ["9", "oops"]


def test_a_container_can_be_made_of_a_good_image_and_leaves_nothing_behind(engine, name) -> None:
    make_image(f"{name}:1", "VOLUME /data")
    volumes = output_of(("docker", "volume", "ls", "--quiet"))
    engine.can_create(f"{name}:1")
    assert output_of(("docker", "ps", "--all", "--quiet", "--filter", "label=airlock.probe")) == ""
    assert set(output_of(("docker", "volume", "ls", "--quiet")).split()) <= set(volumes.split())


def test_an_image_is_usable_when_a_container_can_be_made_of_it(engine) -> None:
    assert (engine.is_usable(BUSYBOX), engine.is_usable("f-gone:1")) == (True, False)


def test_a_container_cannot_be_made_of_an_image_that_is_not_there(engine) -> None:
    with pytest.raises(EngineProblem) as failed:
        engine.can_create("f-gone:1")
    assert failed.value.happened == "The Docker engine failed to create a container from the image f-gone:1."
    assert failed.value.details == ("No such image: f-gone:1",)


def test_no_shell_sees_a_name(engine, tmp_path) -> None:
    hostile = f"$(touch {tmp_path}/pwned)"
    with pytest.raises(EngineProblem) as refused:
        engine.image(hostile)
    with pytest.raises(EngineProblem):
        saved(engine, hostile)
    assert refused.value.details == ("invalid reference format",)
    assert list(tmp_path.iterdir()) == []


def test_a_volume_is_made_found_and_removed(engine: Engine, name: str) -> None:
    made = engine.create_volume(name, {"airlock.test": "yes"})
    assert (made.name, made.labels, made.is_plain_folder) == (name, {"airlock.test": "yes"}, True)
    assert made.folder.parts[-3:] == ("volumes", name, "_data")
    assert engine.create_volume(name, {"airlock.test": "yes"}) == made == engine.volume(name)
    engine.remove_volume(name)
    assert engine.volume(name) is None


def test_a_volume_that_is_mounted_from_elsewhere_is_no_plain_folder(engine: Engine, name: str) -> None:
    output_of(("docker", "volume", "create", "--opt", "type=tmpfs", "--opt", "device=tmpfs", name))
    volume = engine.volume(name)
    engine.remove_volume(name)
    assert volume is not None and not volume.is_plain_folder
