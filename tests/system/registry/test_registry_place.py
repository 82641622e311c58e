"""The place in a registry that an operator names."""

import pytest

from installer.errors import UsageProblem
from installer.system.registry.registry_place import RegistryPlace, parse_place


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("registry.site", RegistryPlace("registry.site")),
        ("registry.site:5000/", RegistryPlace("registry.site:5000")),
        ("localhost/team", RegistryPlace("localhost", "team")),
        ("10.0.0.7:5000/a/b-c_d", RegistryPlace("10.0.0.7:5000", "a/b-c_d")),
        ("[::1]:5000/team", RegistryPlace("[::1]:5000", "team")),
        ("registry:5000", RegistryPlace("registry:5000")),
    ],
)
def test_a_place_is_a_host_and_a_prefix(text: str, place: RegistryPlace) -> None:
    assert parse_place(text) == place


@pytest.mark.parametrize(
    "text", ["", "registry", "team/vault", "https://registry.site", "registry.site/Team", "a.b/c//d", "a.b:x"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="is not a registry"):
        parse_place(text)


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("localhost:5000", True),
        ("127.0.0.1", True),
        ("127.1.2.3:80", True),
        ("[::1]:5000", True),
        ("localhost.site:5000", False),
        ("10.0.0.1:5000", False),
        ("127.0.0.1.site", False),
    ],
)
def test_plain_http_is_safe_only_on_this_machine(host: str, is_loopback: bool) -> None:
    assert RegistryPlace(host).is_loopback == is_loopback


def test_a_prefix_stands_before_the_name_of_an_image() -> None:
    assert RegistryPlace("a.b", "team").repository("vault-web") == "team/vault-web"
    assert RegistryPlace("a.b").repository("vault-web") == "vault-web"
