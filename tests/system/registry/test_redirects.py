"""Redirects to other hosts: followed without the login, never from HTTPS to HTTP, and not for ever."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from installer.errors import AirlockError, Failed, Refused
from installer.system.registry.connect_registry import connected
from installer.system.registry.docker_login import Logins
from installer.system.registry.http_connection import Answer, Message, Request
from installer.system.registry.redirects import OtherHosts, redirected
from installer.system.registry.repository import Repository
from installer.system.registry.trust import Trust
from tests.system.registry.test_contract import LARGE, SMALL, named, pieces
from tests.system.registry.test_faults import NOBODY, logins_for
from tests.testbed.fake_registry import FakeRegistry, Faults, fake_registry
from tests.testbed.registries import real_registry

EVERY = ("GET", "POST", "PATCH", "PUT")
REGISTRY = "registry.site:5000"


@contextmanager
def repository_of(registry: FakeRegistry, logins: Logins = NOBODY) -> Iterator[Repository]:
    with fake_registry(registry), connected(registry.host, Trust(), logins, lambda _seconds: None) as session:
        yield Repository(session, "team/web")


def answer_with(location: str, status: int = 307, scheme: str = "https") -> Answer:
    headers = Message()
    headers["Location"] = location
    return Answer(status, headers, b"", f"{scheme}://{REGISTRY}/v2/web/blobs/uploads/1?state=x")


def place_after(location: str, status: int = 307, method: str = "GET") -> str | None:
    return redirected(Request(method, "/v2/web/blobs/uploads/1"), answer_with(location, status), REGISTRY)


@pytest.mark.parametrize("auth", ["basic", "bearer"])
@pytest.mark.parametrize("redirects", [("GET",), ("POST",), ("PATCH",), ("PUT",), EVERY])
def test_no_login_is_sent_to_another_host(auth: str, redirects: tuple[str, ...]) -> None:
    registry = FakeRegistry(auth=auth, redirects=redirects)
    with repository_of(registry, logins_for(registry)) as web:
        web.upload(named(LARGE), len(LARGE), pieces(LARGE))
        assert web.has_blob(named(LARGE), len(LARGE))
    assert (registry.blobs["team/web", named(LARGE)], registry.logins_elsewhere) == (LARGE, [])


def test_an_upload_on_another_host_continues_there_after_a_cut() -> None:
    registry = FakeRegistry(redirects=("POST",), faults=Faults(cut_bytes=[70_000, 500, 3]))
    with repository_of(registry) as web:
        web.upload(named(LARGE), len(LARGE), pieces(LARGE))
    assert registry.blobs["team/web", named(LARGE)] == LARGE


def test_a_challenge_of_another_host_asks_for_nothing() -> None:
    other, registry = FakeRegistry(auth="bearer"), FakeRegistry(auth="basic", redirects=("GET",))
    with fake_registry(other):
        registry.elsewhere = f"http://{other.host}"
        with repository_of(registry, logins_for(registry)) as web, pytest.raises(Failed) as failed:
            web.has_blob(named(SMALL), len(SMALL))
    assert failed.value.happened == (
        f"{other.host}, to which the registry {registry.host} redirects, refused a request for team/web."
    )
    assert [line for line in other.asked if "/token" in line] == []


def test_a_registry_that_redirects_to_itself_is_left_after_five_times() -> None:
    registry = FakeRegistry(redirects=("GET",))
    with repository_of(registry) as web, pytest.raises(Failed) as failed:
        registry.elsewhere = f"http://{registry.host}"
        web.has_blob(named(SMALL), len(SMALL))
    assert failed.value.happened == f"The registry {registry.host} redirected more than 5 times."
    assert registry.count("GET") == 6


def test_a_storage_that_cannot_be_reached_is_named_without_its_signature() -> None:
    registry = FakeRegistry(redirects=("GET",), elsewhere="http://127.0.0.1:1")
    with repository_of(registry) as web, pytest.raises(Failed) as failed:
        web.has_blob(named(SMALL), len(SMALL))
    assert failed.value.details[0].startswith("127.0.0.1:1: ")
    assert "signature" not in str(failed.value)


@pytest.mark.engine
def test_a_storage_whose_certificate_is_not_trusted_is_refused(tmp_path: Path) -> None:
    with real_registry(tmp_path, tls=True) as storage:
        registry = FakeRegistry(redirects=("GET",), elsewhere=f"https://{storage.host}")
        with repository_of(registry) as web, pytest.raises(Refused) as refused:
            web.has_blob(named(SMALL), len(SMALL))
    assert refused.value.happened == f"The certificate of {storage.host} is not trusted."


def test_plain_http_on_another_machine_is_used_only_if_it_was_asked_for() -> None:
    request = Request("GET", "http://storage.invalid/x")
    with pytest.raises(Refused) as refused:
        OtherHosts(REGISTRY, Trust()).ask(request)
    assert (refused.value.happened, refused.value.hint) == (
        f"The registry {REGISTRY} redirects to http://storage.invalid, which does not use TLS.",
        "To use plain HTTP in a network that you trust, add: --insecure",
    )


@pytest.mark.parametrize(
    ("location", "place"),
    [
        ("https://storage.site/a?b=c#d", "https://storage.site/a?b=c"),
        ("/elsewhere", f"https://{REGISTRY}/elsewhere"),
        ("2", f"https://{REGISTRY}/v2/web/blobs/uploads/2"),
        ("//storage.site/a", "https://storage.site/a"),
        ("", None),
    ],
)
def test_a_redirect_names_a_place_as_seen_from_the_answer(location: str, place: str | None) -> None:
    assert place_after(location) == place


@pytest.mark.parametrize("status", [301, 302, 303])
def test_what_may_change_the_method_is_followed_for_a_download_alone(status: int) -> None:
    assert [place_after("/x", status, method) for method in ("GET", "POST", "PATCH")] == [
        f"https://{REGISTRY}/x",
        None,
        None,
    ]


@pytest.mark.parametrize(
    ("location", "words"),
    [
        (
            "http://registry.site:5000/x",
            "The registry {host} redirects to http://registry.site:5000, which does not use TLS.",
        ),
        (
            "http://127.0.0.1/x?secret",
            "The registry {host} redirects to http://127.0.0.1, which does not use TLS.",
        ),
        ("file:///etc/passwd", "The registry {host} redirects to something other than an address."),
        ("https://[::1/x", "The registry {host} redirects to something other than an address."),
        ("https://user:word@a.site/x", "The registry {host} redirects to something other than an address."),
    ],
)
def test_a_redirect_that_is_not_followed_says_why(location: str, words: str) -> None:
    with pytest.raises(AirlockError) as refused:
        place_after(location)
    assert refused.value.happened == words.format(host=REGISTRY)


def test_a_port_that_is_none_is_no_address() -> None:
    with pytest.raises(Failed, match="something other than an address"):
        OtherHosts(REGISTRY, Trust()).ask(Request("GET", "https://storage.site:x/a"))
