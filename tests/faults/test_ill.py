"""An old release that does not run properly before: said beforehand, and named after the way back."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.faults.vault import PATIENCE_SECONDS, Vault, error_of
from tests.journeys.editions import PROXY_THAT_ENDS, edit_compose

pytestmark = [pytest.mark.engine, pytest.mark.database]
BROKEN = "no_such_directive on;\n"


@pytest.fixture
def ill(vault: Vault) -> Iterator[Vault]:
    """The old release with a proxy that ends as soon as it is started."""
    configuration = vault.old / "proxy" / "nginx.conf"
    before = configuration.read_text()
    configuration.write_text(BROKEN + before)
    vault.site.server.output_of("docker", "restart", "--time", "1", "vault-proxy")
    wait_until(lambda: "Restarting (1)" in state_of_proxy(vault))
    yield vault
    configuration.write_text(before)
    vault.site.server.output_of("docker", "restart", "--time", "1", "vault-proxy")
    wait_until(lambda: "Up " in state_of_proxy(vault))


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def state_of_proxy(vault: Vault) -> str:
    words = ("docker", "ps", "--all", "--filter", "name=vault-proxy", "--format", "{{.Status}}")
    return vault.site.server.output_of(*words)


def test_what_was_ill_before_is_named_in_the_preflight_and_at_the_end_of_the_way_back(
    ill: Vault, tmp_path: Path
) -> None:
    release = ill.release(tmp_path)
    edit_compose(release, PROXY_THAT_ENDS)
    end = ill.site.import_(release, "--rehearse", "never", "--health-timeout", "60")
    assert (end.code, "Service proxy exited with code 3." in error_of(end)) == (6, True), end.told
    assert "  proxy: Restarting" in end.told
    assert '"no_such_directive"' in end.told
    assert "The old release does not answer its own smoke check" in end.told
    assert "  proxy did not run properly before the import either: Restarting" in error_of(end)
    assert "  The old release did not answer before the import either: " in error_of(end)
    shutil.rmtree(release)
