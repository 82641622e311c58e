"""The Python of an image as it is packed, on the engine of this run."""

import io
import os
import subprocess
import tarfile
from collections.abc import Iterator

import pytest

from installer.errors import Refused
from installer.system.docker.docker import Engine
from packager.runtime.own_python import own_python
from packager.runtime.runtime_image import RuntimeImage
from packager.runtime.stored_zip import read_zip

pytestmark = pytest.mark.engine

IMAGE, FOREIGN = "python:3.11-slim", "airlock-test/python:foreign"
INSTALLER = {"__main__.py": b"import installer.a\n", "installer/a.py": b"import json\n"}
MACHINE_AT, UNKNOWN_MACHINE = 18, b"\xff\x7f"  # of an ELF header


def with_another_machine(archive: bytes) -> bytes:
    """The file system of an image whose Python is for a processor that there is not."""
    changed = io.BytesIO()
    with tarfile.open(fileobj=io.BytesIO(archive)) as old, tarfile.open(fileobj=changed, mode="w") as new:
        for entry in old:
            content = old.extractfile(entry) if entry.isfile() else None
            if content and entry.name.endswith("bin/python3.11"):
                program = bytearray(content.read())
                program[MACHINE_AT : MACHINE_AT + 2] = UNKNOWN_MACHINE
                content = io.BytesIO(program)
            new.addfile(entry, content)
    return changed.getvalue()


@pytest.fixture(scope="module")
def foreign(engine: Engine) -> Iterator[str]:
    stored = engine.image(IMAGE)
    assert stored
    with engine.file_system(stored.id) as stream:
        pieces = list(iter(lambda: stream.read(1 << 20), b""))
    path = "ENV PATH=/usr/local/bin:/usr/bin:/bin"
    words = ("docker", "import", "--change", path, "-", FOREIGN)
    subprocess.run(words, input=with_another_machine(b"".join(pieces)), check=True, capture_output=True)
    yield FOREIGN
    subprocess.run(("docker", "rmi", FOREIGN), check=True, capture_output=True)


def image(engine: Engine, reference: str, *, runs_here: bool) -> RuntimeImage:
    stored = engine.image(reference)
    assert stored
    return RuntimeImage(reference, stored, runs_here)


def test_it_is_compiled_by_the_image_itself(engine: Engine) -> None:
    with own_python(image(engine, IMAGE, runs_here=True), engine, INSTALLER) as own:
        files = {file.path: b"".join(file.chunks()) for file in own.files}
    library = read_zip(files["runtime/lib/python311.zip"])
    assert {"json/__init__.pyc", "encodings/__init__.pyc"} <= set(library)
    assert not any(name.endswith(".py") for name in library)
    assert own.version.startswith("3.11.")
    if os.uname().machine == "x86_64":
        assert "runtime/lib/ld-linux-x86-64.so.2" in files


def test_nothing_of_the_image_remains_in_the_engine(engine: Engine) -> None:
    before = engine.containers()
    with own_python(image(engine, IMAGE, runs_here=True), engine, INSTALLER):
        assert engine.containers() == before


def test_of_an_image_for_another_processor_the_sources_travel(engine: Engine, foreign: str) -> None:
    with own_python(image(engine, foreign, runs_here=False), engine, INSTALLER) as own:
        (library,) = (file for file in own.files if file.path.endswith(".zip"))
        assert "json/__init__.py" in read_zip(b"".join(library.chunks()))
        assert own.bytecode == {}


def test_an_image_that_should_run_here_and_cannot_is_told(engine: Engine, foreign: str) -> None:
    with (
        pytest.raises(Refused) as refusal,
        own_python(image(engine, foreign, runs_here=True), engine, INSTALLER),
    ):
        pass
    assert refusal.value.happened == "The Python of the image could not compile the installer."
