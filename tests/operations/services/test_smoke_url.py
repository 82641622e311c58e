from pathlib import Path

import pytest

from installer.errors import Refused
from installer.operations.services.smoke_url import filled_in, smoke_url
from installer.system.compose.compose import Compose

ENV = Path("/srv/vault/.env")


def refusal(written: str, values: dict[str, str]) -> Refused:
    with pytest.raises(Refused) as refused:
        filled_in(written, values, ENV)
    return refused.value


def test_the_address_takes_its_values_from_env_then_from_the_shell(tmp_path: Path, monkeypatch) -> None:
    (tmp_path / ".env").write_text("PORT=8081\nBOTH=env\n")
    monkeypatch.setenv("BOTH", "shell")
    monkeypatch.setenv("PLACE", "api")
    compose = Compose(tmp_path, ("docker-compose.yml",), "vault")
    url = "http://127.0.0.1:$PORT/${PLACE}/${BOTH:?}/${ELSE:-x}$$1"
    assert smoke_url(url, compose) == "http://127.0.0.1:8081/api/env/x$1"


def test_a_variable_that_nothing_sets_is_named_before_anything_changes() -> None:
    refused = refusal("http://127.0.0.1:${PROXY_PORT:?the port of the proxy}/", {})
    assert (refused.happened, refused.details, refused.hint) == (
        "The address of the smoke check needs PROXY_PORT, which is not set.",
        ("http://127.0.0.1:${PROXY_PORT:?the port of the proxy}/", "the port of the proxy"),
        "Set PROXY_PORT in /srv/vault/.env, then run the command again.",
    )


@pytest.mark.parametrize(
    "value", ["80a", "70000", "-1", "0", "", "127.0.0.1:8080", "8080 # the proxy", "80/{x}", "80\n"]
)
def test_what_is_no_url_after_filling_in_is_refused_without_showing_the_value(value: str) -> None:
    refused = refusal("http://127.0.0.1:${PORT}/", {"PORT": value})
    assert refused.happened == "With the settings filled in, the address of the smoke check is not a URL."
    assert refused.details == ("The package says: http://127.0.0.1:${PORT}/",)
    assert refused.hint == (
        "Compare the variables in it with /srv/vault/.env;"
        " if they are right, ask the vendor for another package."
    )


@pytest.mark.parametrize("written", ["http://h:${PORT/x", "http://${NAME@Q}/", "http://"])
def test_what_compose_could_not_read_either_is_no_url(written: str) -> None:
    assert "is not a URL" in refusal(written, {"PORT": "80", "NAME": "h"}).happened


@pytest.mark.parametrize("url", ["http://[::1]:8080/api", "https://vault.local", "http://h/a?b=c#d"])
def test_usual_addresses_are_taken(url: str) -> None:
    assert filled_in(url, {}, ENV) == url
