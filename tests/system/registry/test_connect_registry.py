"""The way to a registry: TLS with the site's CA, plain HTTP where it is allowed, and a login."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from installer.errors import Refused, UsageProblem
from installer.system.registry.connect_registry import connected
from installer.system.registry.docker_login import Logins
from installer.system.registry.http_connection import HttpConnection
from installer.system.registry.login import Login
from installer.system.registry.trust import Trust
from installer.system.secret import Secret
from tests.testbed.fake_registry import FakeRegistry, fake_registry
from tests.testbed.registries import CA, LOGIN, real_registry

NOBODY = Logins(Path("config.json"), {}, {})


def refusal_of(host: str, trust: Trust, logins: Logins = NOBODY) -> Refused:
    with pytest.raises(Refused) as refused, connected(host, trust, logins):
        pass
    return refused.value


@pytest.fixture
def tls_host(tmp_path: Path) -> Iterator[str]:
    with real_registry(tmp_path, tls=True, login=True) as registry:
        yield registry.host


def logins(host: str, password: str = LOGIN[1]) -> Logins:
    return Logins(Path("config.json"), {host: Login(LOGIN[0], Secret(password))}, {})


@pytest.mark.engine
def test_the_ca_of_a_site_is_trusted_by_option_or_where_docker_looks_for_it(
    tls_host: str, tmp_path: Path
) -> None:
    with connected(tls_host, Trust(ca_file=CA), logins(tls_host)):
        pass
    (tmp_path / tls_host).mkdir()
    (tmp_path / tls_host / "ca.crt").write_bytes(CA.read_bytes())
    with connected(tls_host, Trust(dockers=tmp_path), logins(tls_host)):
        pass


@pytest.mark.engine
def test_a_certificate_that_is_not_trusted_is_refused_even_where_plain_http_is_allowed(tls_host: str) -> None:
    refused = refusal_of(tls_host, Trust(insecure=True))
    assert refused.happened == f"The certificate of {tls_host} is not trusted."


@pytest.mark.engine
def test_a_missing_or_wrong_login_is_refused(tls_host: str) -> None:
    missing, wrong = NOBODY, logins(tls_host, "wrong")
    trust = Trust(ca_file=CA)
    assert refusal_of(tls_host, trust, missing).happened == f"The registry {tls_host} requires a login."
    assert (
        refusal_of(tls_host, trust, wrong).happened == f"The registry {tls_host} does not accept the login."
    )


def test_plain_http_to_another_machine_is_used_only_if_it_was_asked_for() -> None:
    with pytest.raises(Refused) as refused:
        Trust().open("http", "registry.site:5000")
    assert refused.value.hint == "To use plain HTTP in a network that you trust, add: --insecure"
    assert isinstance(Trust(insecure=True).open("http", "registry.site:5000"), HttpConnection)


def test_a_token_server_without_tls_gets_no_login() -> None:
    with pytest.raises(Refused) as refused:
        Trust().open("http", "auth.site")
    assert refused.value.happened == "Logins are not sent to http://auth.site: it does not use TLS."


def test_a_registry_that_is_not_there_is_told() -> None:
    assert refusal_of("127.0.0.1:1", Trust()).happened == "The registry 127.0.0.1:1 cannot be reached."


def test_a_server_that_is_no_registry_is_told() -> None:
    registry = FakeRegistry()
    registry.faults.statuses = [("GET", 404)]
    with fake_registry(registry):
        refused = refusal_of(registry.host, Trust())
    assert refused.happened == f"There is no image registry at {registry.host}."


def test_a_file_without_a_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    with pytest.raises(UsageProblem, match="contains no certificate"):
        Trust(ca_file=tmp_path / "empty.pem").open("https", "registry.site")
