import json
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from installer.bundle.manifest.manifest import Smoke
from installer.operations.decisions.old_version import version_by_images, version_of, with_version
from installer.operations.preflight.findings.finding import failed, ok, warning
from installer.operations.preflight.old.upgrade import judge_derived
from installer.site.running.installation import Installation
from installer.system.compose.compose import Compose, ComposeModel
from tests.bundle.builders import a_manifest, an_image
from tests.operations.preflight.containers import a_container

REFERENCES = ("customer-vault/backend:2.1.2", "registry:5000/vault/frontend:2.1.2", "nginx:1.24")
MANIFEST = replace(a_manifest(), images=tuple(replace(an_image(), reference=one) for one in REFERENCES))


@pytest.mark.parametrize(
    ("images", "version"),
    [
        (["customer-vault/backend:2.1.1", "registry:5000/vault/frontend:2.1.1", "nginx:1.23"], "2.1.1"),
        (["customer-vault/backend:2.1.1", "registry:5000/vault/frontend:2.1.0"], None),
        (["customer-vault/backend:latest"], None),
        (["customer-vault/backend"], None),
        (["registry:5000/vault/frontend"], None),
        (["other/backend:2.1.1", "nginx:1.24"], None),
        ([], None),
    ],
)
def test_the_version_is_the_one_tag_of_the_images_that_the_package_brings(images, version) -> None:
    assert version_by_images(images, MANIFEST) == version


def installed(directory: Path, *images: str, version: str | None = None) -> Installation:
    containers = tuple(a_container(f"s{number}", image=image) for number, image in enumerate(images))
    return Installation(
        Compose(directory, ("compose.yml",), "vault"), ComposeModel("vault", {}, {}), containers, version
    )


class Answer(BaseHTTPRequestHandler):
    body = b""

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def port() -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (json.dumps({"version": "2.1.0"}), "2.1.0 (by its own answer)"),
        (json.dumps({"version": "a development build"}), "(version unknown)"),
        (json.dumps({"version": 3}), "(version unknown)"),
        ("ok", "(version unknown)"),
    ],
)
def test_a_running_release_is_asked_where_its_images_do_not_say_it(
    tmp_path: Path, port: int, answer: str, told: str
) -> None:
    Answer.body = answer.encode()
    (tmp_path / ".env").write_text(f"PROXY_PORT={port}\n")
    smoke = Smoke("http://127.0.0.1:${PROXY_PORT}/", "$.version")
    found = with_version(installed(tmp_path, "customer-vault/backend"), replace(MANIFEST, smoke=smoke))
    assert version_of(found) == told


def test_images_go_before_the_answer_and_the_release_itself_before_both(tmp_path: Path) -> None:
    by_hand = installed(tmp_path, "customer-vault/backend:2.1.1")
    assert version_of(with_version(by_hand, MANIFEST)) == "2.1.1 (by its image tags)"
    recorded = installed(tmp_path, "customer-vault/backend:2.1.1", version="2.0.0")
    assert with_version(recorded, MANIFEST) == recorded


def test_a_release_that_nothing_says_the_version_of_stays_unknown(tmp_path: Path) -> None:
    silent = installed(tmp_path, "nginx:1.23")
    assert with_version(silent, MANIFEST) == silent  # no variable is set, so that there is no address


def test_a_derived_version_refuses_nothing() -> None:
    derived = "The installed version was not recorded: 2.1.3 (by its image tags)."
    words = "2.1.3 (by its image tags)"
    assert judge_derived(failed("A downgrade.", ["why"], hint="h"), words) == (
        warning("A downgrade.", ["why", derived], hint="h")
    )
    assert judge_derived(ok("Upgrade"), words) == ok("Upgrade", derived)
