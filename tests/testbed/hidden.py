"""A folder that an engine sees otherwise than the tests: what is mounted in its namespace stays there."""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from testbed.server import Server


def server_of_this_run() -> Server:
    """The server whose engine DOCKER_HOST names."""
    return Server(Path(os.environ["DOCKER_HOST"].removeprefix("unix://")).parent)


@contextmanager
def hidden_from(server: Server, folder: Path, *, holding: Sequence[str] = ()) -> Iterator[None]:
    """While the body runs, the engine finds an empty filesystem at `folder`, but for these empty folders."""
    inside = ("nsenter", f"--mount=/proc/{server.pid}/ns/mnt", "--")
    subprocess.run((*inside, "mount", "-t", "tmpfs", "airlock-test", folder), check=True)
    try:
        for name in holding:
            subprocess.run((*inside, "mkdir", "-p", folder / name), check=True)
        yield
    finally:
        subprocess.run((*inside, "umount", "--lazy", folder), check=True)
