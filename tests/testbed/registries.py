"""The reference registry on a port of this machine, and `skopeo`, both from Debian packages."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from testbed.registry_programs import registry_programs

CERTIFICATES = Path(__file__).with_name("certificates")
CA = CERTIFICATES / "ca.crt"
LOGIN = ("vault", "correct-horse")
HASHED = "vault:$2b$05$abcdefghijklmnopqrstuuZ0Fx87Pb/Aqb0E90lfvCwzXnaFKUHpS\n"
PATIENCE_SECONDS = 20


@dataclass(frozen=True)
class RealRegistry:
    """A running registry; its blobs are in `folder`."""

    host: str
    folder: Path

    def data_of(self, digest: str) -> Path:
        """The file of a blob."""
        hexadecimal = digest.removeprefix("sha256:")
        return self.folder / "docker/registry/v2/blobs/sha256" / hexadecimal[:2] / hexadecimal / "data"


@contextmanager
def real_registry(
    folder: Path, *, tls: bool = False, login: bool = False, storage: str = ""
) -> Iterator[RealRegistry]:
    """A registry with its data in `folder`, which ends with the context.

    It redirects downloads to the URL `storage`, where the files of its data are.
    """
    host = f"127.0.0.1:{_free_port()}"
    settings = folder / "settings.yml"
    settings.write_text(_settings(folder / "data", host, tls=tls, login=login, storage=storage))
    (folder / "data.logins").write_text(HASHED)
    words = (registry_programs() / "usr/bin/docker-registry", "serve", settings)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
    try:
        _wait_for(host, process, folder / "log")
        yield RealRegistry(host, folder / "data")
    finally:
        process.terminate()
        process.wait()


def skopeo(*words: str | Path) -> str:
    """Runs skopeo, which must succeed, and returns its standard output."""
    root = registry_programs()
    (libraries,) = (root / "usr/lib").glob("*-linux-gnu")
    done = subprocess.run(
        (root / "usr/bin/skopeo", "--insecure-policy", *words),
        env={**os.environ, "LD_LIBRARY_PATH": str(libraries)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _settings(data: Path, host: str, *, tls: bool, login: bool, storage: str) -> str:
    lines = [
        "version: 0.1",
        f"storage: {{cache: {{blobdescriptor: inmemory}}, filesystem: {{rootdirectory: {data}}}}}",
        "http:",
        f"  addr: {host}",
    ]
    if tls:
        files = f"certificate: {CERTIFICATES}/server.crt, key: {CERTIFICATES}/server.key"
        lines.append(f"  tls: {{{files}}}")
    if storage:
        lines.append(f"middleware: {{storage: [{{name: redirect, options: {{baseurl: '{storage}'}}}}]}}")
    if login:
        lines.append(f"auth: {{htpasswd: {{realm: site, path: {data}.logins}}}}")
    return "".join(f"{line}\n" for line in lines)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(host: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    name, _colon, port = host.partition(":")
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection((name, int(port))).close()
            return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(log.read_text())
