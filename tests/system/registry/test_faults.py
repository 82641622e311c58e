"""Registries and networks that fail: what is repeated, what is continued, and what is said in the end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.errors import Failed, Refused, Stuck
from installer.system.registry.connect_registry import connected
from installer.system.registry.docker_login import Logins
from installer.system.registry.login import Login
from installer.system.registry.repository import Repository
from installer.system.registry.trust import Trust
from installer.system.registry.upload import CHUNK_BYTES
from installer.system.secret import Secret
from tests.system.registry.test_contract import LARGE, SMALL, manifest_of, named, pieces
from tests.testbed.cutting_proxy import cutting_proxy
from tests.testbed.fake_registry import FakeRegistry, Faults, fake_registry
from tests.testbed.registries import real_registry

NOBODY = Logins(Path("config.json"), {}, {})


@contextmanager
def repository_of(registry: FakeRegistry, logins: Logins = NOBODY) -> Iterator[Repository]:
    with fake_registry(registry), connected(registry.host, Trust(), logins, lambda seconds: None) as session:
        yield Repository(session, "team/web")


def logins_for(registry: FakeRegistry) -> Logins:
    login = Login("vault", Secret("correct-horse"))
    return Logins(Path("config.json"), _Any(login), {})


class _Any(dict[str, Login]):
    """The login for any host: the port of a test's registry is not known before."""

    def __init__(self, login: Login) -> None:
        self._login = login

    def get(self, key: str, default: object = None) -> Login:  # type: ignore[override]
        return self._login


@pytest.mark.parametrize("cuts", [[0], [2], [CHUNK_BYTES // 2], [CHUNK_BYTES], [70_000, 500, 3]])
def test_an_upload_continues_where_the_registry_stands(cuts: list[int]) -> None:
    registry = FakeRegistry(faults=Faults(cut_bytes=list(cuts)))
    with repository_of(registry) as web:
        web.upload(named(LARGE), len(LARGE), pieces(LARGE))
        assert web.has_blob(named(LARGE), len(LARGE))
    assert registry.received_bytes == len(LARGE)


@pytest.mark.engine
@pytest.mark.parametrize("cut", [300_000, CHUNK_BYTES + 1_000_000])
def test_an_upload_to_the_reference_registry_continues_after_a_cut(tmp_path: Path, cut: int) -> None:
    with (
        real_registry(tmp_path) as registry,
        cutting_proxy(registry.host, [1 << 30, cut]) as host,
        connected(host, Trust(), NOBODY) as session,
    ):
        web = Repository(session, "team/web")
        session.close()
        web.upload(named(LARGE), len(LARGE), pieces(LARGE))
        assert registry.data_of(named(LARGE)).read_bytes() == LARGE


def test_an_upload_that_the_registry_forgot_is_said() -> None:
    registry = FakeRegistry(faults=Faults(cut_bytes=[500], forgets_uploads=True))
    with repository_of(registry) as web, pytest.raises(Failed) as failed:
        web.upload(named(LARGE), len(LARGE), pieces(LARGE))
    assert failed.value.happened == f"The registry {registry.host} lost an upload when the connection broke."


def test_a_connection_that_breaks_each_time_ends_with_words_and_not_in_a_loop() -> None:
    registry = FakeRegistry(faults=Faults(cut_bytes=[0] * 100))
    with repository_of(registry) as web, pytest.raises(Failed) as failed:
        web.upload(named(SMALL), len(SMALL), [SMALL])
    assert failed.value.happened == f"The connection to the registry {registry.host} broke again and again."


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "PUT"])
@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_trouble_of_a_moment_is_waited_out(method: str, status: int) -> None:
    registry = FakeRegistry()
    with repository_of(registry) as web:
        registry.faults.statuses = [(method, status)] * 2
        web.upload(named(SMALL), len(SMALL), [SMALL])
        assert web.has_blob(named(SMALL), len(SMALL))


def test_an_answer_that_got_lost_at_the_end_of_an_upload_does_no_harm() -> None:
    registry = FakeRegistry(faults=Faults(loses_answers=1))
    with repository_of(registry) as web:
        web.upload(named(SMALL), len(SMALL), [SMALL])
        assert web.has_blob(named(SMALL), len(SMALL))


def test_an_answer_that_ends_early_is_asked_for_again() -> None:
    registry = FakeRegistry(faults=Faults(short_answers=2))
    with repository_of(registry) as web:
        web.upload(named(SMALL), len(SMALL), [SMALL])
        assert web.document(named(SMALL)) == SMALL


def test_a_registry_that_cannot_mount_gets_a_copy_in_parts() -> None:
    registry = FakeRegistry(faults=Faults(mounts=False))
    with repository_of(registry) as web:
        web.upload(named(LARGE), len(LARGE), pieces(LARGE))
        Repository(web.session, "db").mount(named(LARGE), len(LARGE), web)
    assert registry.blobs["db", named(LARGE)] == LARGE


def test_uploads_go_to_the_registry_itself_whatever_it_calls_itself() -> None:
    registry = FakeRegistry(faults=Faults(calls_itself="http://registry.invalid:1"))
    with repository_of(registry) as web:
        web.upload(named(SMALL), len(SMALL), [SMALL])
        assert web.has_blob(named(SMALL), len(SMALL))


def test_a_manifest_that_comes_back_altered_is_an_error() -> None:
    registry = FakeRegistry(faults=Faults(alters_manifests=True))
    with repository_of(registry) as web:
        for content in (b"{}", SMALL):
            web.upload(named(content), len(content), [content])
        with pytest.raises(Stuck) as failed:
            web.put_manifest("2.1.2", manifest_of(b"{}", SMALL))
    expected = f"The registry {registry.host} does not return the image that was pushed: team/web:2.1.2"
    assert failed.value.happened == expected


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (403, "You are not allowed to push to team/web on {host}."),
        (404, "The registry {host} does not accept the repository team/web."),
        (413, "The registry {host}, or a proxy before it, refuses large requests."),
        (405, "The registry {host} refused a request for team/web."),
    ],
)
def test_a_refusal_says_what_to_do(status: int, words: str) -> None:
    registry = FakeRegistry()
    with repository_of(registry) as web, pytest.raises((Refused, Failed)) as refused:
        registry.faults.statuses = [("POST", status)]
        web.upload(named(SMALL), len(SMALL), [SMALL])
    assert refused.value.happened == words.format(host=registry.host)
    assert refused.value.details == (f"It answered with status {status}.", "TROUBLE: as the test wants")
    assert refused.value.hint


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_a_login_is_used_as_the_registry_asks_for_it(auth: str) -> None:
    registry = FakeRegistry(auth=auth)
    with repository_of(registry, logins_for(registry)) as web:
        web.upload(named(SMALL), len(SMALL), [SMALL])
        Repository(web.session, "db").mount(named(SMALL), len(SMALL), web)
        assert Repository(web.session, "db").has_blob(named(SMALL), len(SMALL))


def test_a_token_that_ends_during_an_upload_is_renewed() -> None:
    registry = FakeRegistry(auth="bearer", token_uses=2)
    with repository_of(registry, logins_for(registry)) as web:
        web.upload(named(LARGE), len(LARGE), pieces(LARGE))
    assert registry.blobs["team/web", named(LARGE)] == LARGE


def test_a_mount_asks_for_a_token_for_both_repositories() -> None:
    registry = FakeRegistry(auth="bearer")
    with repository_of(registry, logins_for(registry)) as web:
        web.upload(named(SMALL), len(SMALL), [SMALL])
        Repository(web.session, "db").mount(named(SMALL), len(SMALL), web)
    assert [line for line in registry.asked if line.startswith("GET /token")] == [
        "GET /token",
        "GET /token repository:team/web:pull,push",
        "GET /token repository:db:pull,push repository:team/web:pull,push",
    ]
