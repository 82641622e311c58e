import errno
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from installer.operations.preflight.findings.finding import failed, ok
from installer.operations.preflight.settings.ports import Lookups, Setting, judge_ports, try_to_bind
from installer.system.compose.compose import PublishedPort
from installer.system.docker.docker import Container
from tests.operations.preflight.containers import a_container

FREE = [ok("Ports are free")]


def port(published: int, host_ip: str = "", protocol: str = "tcp") -> PublishedPort:
    return PublishedPort(host_ip, published, 80, protocol)


def looking(
    obstacle: int | None = None, program: str | None = None, setting: Setting | None = None
) -> Lookups:
    settings = Path("/srv/vault/.env")
    return Lookups(lambda _port: obstacle, lambda _port: program, lambda _port: setting, settings)


def web(port: int, host_ip: str = "", protocol: str = "tcp") -> Container:
    held = {f"80/{protocol}": [{"HostIp": host_ip, "HostPort": str(port)}]}
    return a_container("web", name="other-web-1", project="other", ports=held)


FREE_TO_BIND = looking()
IN_USE = looking(errno.EADDRINUSE)
PROXY_PORT = Setting("PROXY_PORT", "PROXY_PORT in /srv/vault/.env sets it.")


def test_ports_that_nobody_holds_pass() -> None:
    assert list(judge_ports([port(8080), port(8443, "127.0.0.1")], [], [], FREE_TO_BIND)) == FREE


def test_a_port_that_a_program_holds_fails_with_the_program_and_the_variable_of_the_port() -> None:
    looked = looking(errno.EADDRINUSE, "nginx (process 4711)", PROXY_PORT)
    assert list(judge_ports([port(8080)], [], [], looked)) == [
        failed(
            "Port 8080/tcp is taken by another program of this machine.",
            ["The program is nginx (process 4711).", "PROXY_PORT in /srv/vault/.env sets it."],
            hint="Stop it. To find it, run: sudo ss -tulpn 'sport = :8080', or set another PROXY_PORT",
        )
    ]


def test_a_port_that_the_compose_file_fixes_can_only_be_freed() -> None:
    assert list(judge_ports([port(8080)], [], [], IN_USE)) == [
        failed(
            "Port 8080/tcp is taken by another program of this machine.",
            ["The compose file fixes this port."],
            hint="Stop it. To find it, run: sudo ss -tulpn 'sport = :8080'",
        )
    ]


def test_a_port_that_a_container_of_others_holds_fails_with_its_name_and_its_project() -> None:
    looked = looking(errno.EADDRINUSE, None, PROXY_PORT)
    assert list(judge_ports([port(8080)], [], [web(8080, "127.0.0.1")], looked)) == [
        failed(
            "Port 8080/tcp is taken by the container other-web-1.",
            ["It belongs to the compose project other.", "PROXY_PORT in /srv/vault/.env sets it."],
            hint="Stop it: docker stop other-web-1, or set another PROXY_PORT",
        )
    ]


def test_a_port_of_the_old_release_will_be_free() -> None:
    assert list(judge_ports([port(8080)], [port(8080, "0.0.0.0"), port(8080, "::")], [], IN_USE)) == FREE


@pytest.mark.parametrize(
    "other",
    [web(8081), web(8080, protocol="udp"), web(8080, "127.0.0.2")],
    ids=["number", "protocol", "address"],
)
def test_another_port_of_a_container_is_not_in_the_way(other) -> None:
    assert list(judge_ports([port(8080, "127.0.0.1")], [], [other], FREE_TO_BIND)) == FREE


def test_a_port_that_docker_may_choose_is_always_free() -> None:
    assert list(judge_ports([port(0)], [], [], IN_USE)) == FREE


def test_an_address_of_another_machine_fails() -> None:
    found = list(judge_ports([port(8080, "192.0.2.1")], [], [], replace(IN_USE, obstacle_at=try_to_bind)))
    assert found == [
        failed(
            "This machine does not have the address 192.0.2.1.",
            ["A service publishes port 8080 there."],
            hint="Compare the addresses in /srv/vault/.env with: ip address",
        )
    ]


def test_a_port_that_only_root_may_hold_is_left_to_docker() -> None:
    assert list(judge_ports([port(80)], [], [], looking(errno.EACCES))) == FREE


def test_all_ports_that_are_taken_are_told_in_their_order() -> None:
    found = judge_ports([port(9), port(8), port(8)], [], [], IN_USE)
    assert [finding.title.split()[1] for finding in found] == ["8/tcp", "9/tcp"]


@pytest.mark.parametrize("kind", [socket.SOCK_STREAM, socket.SOCK_DGRAM], ids=["tcp", "udp"])
@pytest.mark.parametrize("asked", ["", "127.0.0.1"], ids=["everywhere", "here"])
def test_a_port_that_really_is_held_cannot_be_bound_and_can_be_afterwards(kind, asked) -> None:
    with socket.socket(socket.AF_INET, kind) as holder:
        holder.bind(("127.0.0.1", 0))
        if kind == socket.SOCK_STREAM:
            holder.listen()
        held = port(holder.getsockname()[1], asked, "udp" if kind == socket.SOCK_DGRAM else "tcp")
        assert try_to_bind(held) == errno.EADDRINUSE
    assert try_to_bind(held) is None


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")
def test_a_port_of_the_newer_internet_protocol_can_be_tried() -> None:
    assert try_to_bind(port(0, "::1")) in (None, errno.EADDRNOTAVAIL)
