"""What a push needs of a registry: the same sentences for the fake and for the reference implementation."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from installer.bundle.images.docker_archive import CONFIG_TYPE, LAYER_TYPE, MANIFEST_TYPE
from installer.errors import Failed
from installer.system.registry.connect_registry import connected
from installer.system.registry.docker_login import Logins
from installer.system.registry.repository import Repository
from installer.system.registry.trust import Trust
from installer.system.registry.upload import CHUNK_BYTES
from tests.testbed.fake_registry import FakeRegistry, fake_registry
from tests.testbed.file_storage import file_storage
from tests.testbed.registries import RealRegistry, real_registry

NOBODY = Logins(Path("config.json"), {}, {})
SMALL = b"a small blob"
LARGE = bytes(range(256)) * (CHUNK_BYTES // 256) + b"and a little more"


def named(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def pieces(content: bytes, piece_bytes: int = 1_000_000) -> Iterator[bytes]:
    return (content[at : at + piece_bytes] for at in range(0, len(content), piece_bytes))


def manifest_of(config: bytes, *layers: bytes) -> bytes:
    described = [{"mediaType": LAYER_TYPE, "digest": named(one), "size": len(one)} for one in layers]
    own = {"mediaType": CONFIG_TYPE, "digest": named(config), "size": len(config)}
    document = {"schemaVersion": 2, "mediaType": MANIFEST_TYPE, "config": own, "layers": described}
    return json.dumps(document).encode()


@contextmanager
def real_that_redirects(folder: Path) -> Iterator[RealRegistry]:
    """The reference registry with its files on another host; it takes uploads itself."""
    with file_storage(folder / "data") as storage, real_registry(folder, storage=storage) as registry:
        yield registry


KINDS: dict[str, Callable[[Path], AbstractContextManager[FakeRegistry | RealRegistry]]] = {
    "fake": lambda folder: fake_registry(FakeRegistry()),
    "fake that redirects": lambda folder: fake_registry(
        FakeRegistry(redirects=("GET", "POST", "PATCH", "PUT"))
    ),
    "real": real_registry,
    "real that redirects": real_that_redirects,
}


@pytest.fixture(
    params=[
        pytest.param(kind, marks=pytest.mark.engine) if kind.startswith("real") else kind for kind in KINDS
    ]
)
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with KINDS[request.param](tmp_path) as registry:
        yield registry.host


@pytest.fixture
def web(host: str) -> Iterator[Repository]:
    with connected(host, Trust(), NOBODY) as session:
        yield Repository(session, "team/web")


@pytest.fixture
def db(web: Repository) -> Repository:
    return Repository(web.session, "db")


@pytest.mark.parametrize("content", [SMALL, LARGE], ids=["in one chunk", "in several chunks"])
def test_a_blob_that_was_uploaded_is_there_and_has_its_bytes(web: Repository, content: bytes) -> None:
    assert not web.has_blob(named(content), len(content))
    web.upload(named(content), len(content), pieces(content))
    assert web.has_blob(named(content), len(content))
    assert b"".join(web.parts(named(content), len(content))) == content


def test_a_blob_of_another_size_is_not_the_one_that_was_asked_for(web: Repository) -> None:
    web.upload(named(SMALL), len(SMALL), [SMALL])
    assert not web.has_blob(named(SMALL), len(SMALL) - 1)
    assert not web.has_blob(named(SMALL), len(SMALL) + 1)


def test_a_blob_is_in_its_repository_alone_until_it_is_mounted(web: Repository, db: Repository) -> None:
    web.upload(named(SMALL), len(SMALL), [SMALL])
    assert not db.has_blob(named(SMALL), len(SMALL))
    db.mount(named(SMALL), len(SMALL), web)
    assert db.has_blob(named(SMALL), len(SMALL))


def test_content_that_does_not_match_its_digest_is_not_stored(web: Repository) -> None:
    with pytest.raises(Failed) as refused:
        web.upload(named(SMALL), len(SMALL), [b"something else"])
    assert any("DIGEST_INVALID" in line for line in refused.value.details)
    assert not web.has_blob(named(SMALL), len(SMALL))


def test_a_source_that_fails_stores_nothing(web: Repository) -> None:
    def failing() -> Iterator[bytes]:
        yield SMALL[:3]
        raise KeyError

    with pytest.raises(KeyError):
        web.upload(named(SMALL), len(SMALL), failing())
    assert not web.has_blob(named(SMALL), len(SMALL))


def test_a_small_blob_is_returned_whole(web: Repository) -> None:
    assert web.document(named(SMALL)) is None
    web.upload(named(SMALL), len(SMALL), [SMALL])
    assert web.document(named(SMALL)) == SMALL


def test_a_manifest_is_returned_by_its_tag_and_its_digest(web: Repository) -> None:
    manifest = manifest_of(b"{}", SMALL)
    assert web.manifest("2.1.2") is None
    for content in (b"{}", SMALL):
        web.upload(named(content), len(content), [content])
    web.put_manifest("2.1.2", manifest)
    assert (web.manifest("2.1.2"), web.manifest(named(manifest))) == (manifest, manifest)


def test_a_manifest_whose_blobs_are_missing_is_refused_with_the_words_of_the_registry(
    web: Repository,
) -> None:
    with pytest.raises(Failed) as refused:
        web.put_manifest("2.1.2", manifest_of(b"{}", SMALL))
    assert any("BLOB_UNKNOWN" in line for line in refused.value.details)
    assert web.manifest("2.1.2") is None
