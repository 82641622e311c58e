"""Logins that a program keeps: as Docker asks for them, and never shown."""

from pathlib import Path

import pytest

from installer.errors import Refused
from installer.system.registry.connect_registry import connected
from installer.system.registry.docker_login import Logins
from installer.system.registry.login import Login
from installer.system.registry.login_helper import NOT_FOUND, ask_helper
from installer.system.registry.repository import Repository
from installer.system.registry.trust import Trust
from installer.system.secret import Secret
from tests.system.registry.test_contract import SMALL, named
from tests.testbed.credential_helper import CredentialHelper, credential_helper
from tests.testbed.fake_registry import IDENTITY, FakeRegistry, fake_registry
from tests.testbed.registries import CA, LOGIN, real_registry

HOST = "registry.site:5000"
PASSWORD = "correct:horse"
KEPT = Logins(Path("config.json"), {}, {}, "site")


@pytest.fixture
def helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CredentialHelper:
    return credential_helper(tmp_path / "programs", monkeypatch)


def push_to(registry: FakeRegistry, logins: Logins) -> None:
    with fake_registry(registry), connected(registry.host, Trust(), logins, lambda _seconds: None) as session:
        Repository(session, "team/web").upload(named(SMALL), len(SMALL), [SMALL])


def refusal_of(helper: str, timeout_seconds: float = 20) -> Refused:
    with pytest.raises(Refused) as refused:
        ask_helper(helper, HOST, timeout_seconds)
    return refused.value


def test_a_program_is_asked_for_the_registry_on_its_standard_input(helper: CredentialHelper) -> None:
    helper.keeps("vault", PASSWORD)
    assert ask_helper("site", HOST) == Login("vault", Secret(PASSWORD))
    assert helper.asked == [f"get {HOST}"]


def test_a_program_that_keeps_no_login_for_the_registry_says_so(helper: CredentialHelper) -> None:
    helper.ends_with(1, prints=f"{NOT_FOUND}\n")
    assert ask_helper("site", HOST) is None
    helper.keeps("", "")
    assert ask_helper("site", HOST) is None


@pytest.mark.parametrize(
    ("prints", "exit_code", "reason"),
    [
        (PASSWORD, 1, "It ended with exit code 1."),
        (PASSWORD, 0, "It answered with something other than a login."),
        (f'["{PASSWORD}"]', 0, "It answered with something other than a login."),
        (f'{{"Secret": "{PASSWORD}"}}', 0, "It answered with something other than a login."),
        (f'{{"Username": 1, "Secret": "{PASSWORD}"}}', 0, "It answered with something other than a login."),
    ],
)
def test_a_program_that_fails_is_named_and_never_quoted(
    helper: CredentialHelper, prints: str, exit_code: int, reason: str
) -> None:
    helper.ends_with(exit_code, prints=prints, says=PASSWORD)
    refused = refusal_of("site")
    assert (refused.happened, refused.details, refused.hint) == (
        f"The program docker-credential-site gave no login for {HOST}.",
        (reason,),
        f"To see its error message, run: docker login {HOST}",
    )


def test_a_program_that_does_not_answer_is_ended(helper: CredentialHelper) -> None:
    helper.ends_with(0, prints=PASSWORD, sleeps=60)
    assert refusal_of("site", 1).details == ("It did not answer within 1 s.",)


def test_a_program_that_cannot_be_started_is_named(helper: CredentialHelper) -> None:
    assert refusal_of("absent").happened == "The program `docker-credential-absent` was not found."
    (helper.folder / "docker-credential-site").touch(mode=0o644)
    assert refusal_of("site").happened == f"The program docker-credential-site gave no login for {HOST}."


@pytest.mark.parametrize("auth", ["basic", "bearer"])
def test_a_kept_login_is_used_as_the_registry_asks_for_it(helper: CredentialHelper, auth: str) -> None:
    registry = FakeRegistry(auth=auth)
    helper.keeps(*LOGIN)
    push_to(registry, KEPT)
    assert registry.blobs == {("team/web", named(SMALL)): SMALL}
    assert helper.asked == [f"get {registry.host}"]


@pytest.mark.engine
def test_a_kept_login_is_used_for_the_reference_registry(helper: CredentialHelper, tmp_path: Path) -> None:
    helper.keeps(*LOGIN)
    with (
        real_registry(tmp_path, tls=True, login=True) as registry,
        connected(registry.host, Trust(ca_file=CA), KEPT) as session,
    ):
        Repository(session, "team/web").upload(named(SMALL), len(SMALL), [SMALL])
        assert registry.data_of(named(SMALL)).read_bytes() == SMALL


def test_an_identity_token_is_exchanged_for_tokens(helper: CredentialHelper) -> None:
    registry = FakeRegistry(auth="bearer")
    helper.keeps("<token>", IDENTITY)
    push_to(registry, KEPT)
    assert [line for line in registry.asked if "/token" in line] == [
        "POST /token",
        "POST /token repository:team/web:pull,push",
    ]


def test_an_identity_token_that_is_wrong_or_cannot_be_used_is_refused(helper: CredentialHelper) -> None:
    helper.keeps("<token>", "another")
    for auth in ("bearer", "basic"):
        with pytest.raises(Refused) as refused:
            push_to(FakeRegistry(auth=auth), KEPT)
        assert refused.value.happened.startswith("The registry")


def test_a_registry_that_asks_for_no_login_lets_no_program_run(helper: CredentialHelper) -> None:
    helper.keeps(*LOGIN)
    push_to(FakeRegistry(), KEPT)
    assert helper.asked == []


def test_a_login_in_the_file_serves_where_the_program_keeps_none(helper: CredentialHelper) -> None:
    registry = FakeRegistry(auth="basic")
    helper.ends_with(1, prints=NOT_FOUND)
    with fake_registry(registry):
        logins = Logins(Path("config.json"), {registry.host: Login(LOGIN[0], Secret(LOGIN[1]))}, {}, "site")
        with connected(registry.host, Trust(), logins):
            pass
    assert helper.asked == [f"get {registry.host}"]
