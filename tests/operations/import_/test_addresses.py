import pytest

from installer.operations.import_.addresses import addresses
from installer.system.compose.compose import ComposeModel, PublishedPort, Service

URL = "http://127.0.0.1:8080/api/health"


def model(*ports: PublishedPort) -> ComposeModel:
    """A database on this machine only, and a proxy with `ports`."""
    own = (PublishedPort("127.0.0.1", 3306, 3306, "tcp"),)
    services = {
        name: Service(name, "x:1", None, {}, (), published, (), False, "no")
        for name, published in (("db", own), ("proxy", ports))
    }
    return ComposeModel("vault", services, {})


def shown(url: str | None, *ports: PublishedPort) -> list[str]:
    return list(addresses(model(*ports), url, "vault01"))


@pytest.mark.parametrize("everywhere", ["", "0.0.0.0", "::"])
def test_the_address_that_was_checked_is_shown_as_others_reach_it(everywhere: str) -> None:
    assert shown(URL, PublishedPort(everywhere, 8080, 80, "tcp")) == [
        f"http://vault01:8080/ (checked: {URL})",
        "db: 127.0.0.1:3306",
    ]


def test_an_address_of_this_machine_only_stays_one() -> None:
    assert shown(URL, PublishedPort("127.0.0.1", 8080, 80, "tcp"))[0] == (
        f"http://127.0.0.1:8080/ (checked: {URL})"
    )


def test_the_usual_port_is_not_written() -> None:
    url = "https://localhost/health"
    assert shown(url, PublishedPort("", 443, 443, "tcp"))[0] == f"https://vault01/ (checked: {url})"


def test_a_name_that_the_package_gives_is_kept() -> None:
    url = "http://vault.example:8080/health"
    assert shown(url, PublishedPort("", 8080, 80, "tcp"))[0] == f"http://vault.example:8080/ (checked: {url})"


def test_other_ports_are_shown_by_the_machines_name_or_their_own_address() -> None:
    ports = (PublishedPort("", 9000, 90, "tcp"), PublishedPort("::1", 9001, 91, "tcp"))
    more = (PublishedPort("", 514, 514, "udp"), PublishedPort("", 0, 92, "tcp"))
    assert shown(None, *ports, *more) == ["db: 127.0.0.1:3306", "proxy: vault01:9000", "proxy: [::1]:9001"]
