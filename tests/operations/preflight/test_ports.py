import errno
import socket
from pathlib import Path

import pytest

from installer.operations.preflight.finding import failed, ok
from installer.operations.preflight.ports import judge_ports, try_to_bind
from installer.system.compose import PublishedPort

FREE = [ok("Ports are free")]


def port(published: int, host_ip: str = "", protocol: str = "tcp") -> PublishedPort:
    return PublishedPort(host_ip, published, 80, protocol)


def free(_port: PublishedPort) -> None:
    return None


def in_use(_port: PublishedPort) -> int:
    return errno.EADDRINUSE


def test_ports_that_nobody_holds_pass() -> None:
    assert list(judge_ports([port(8080), port(8443, "127.0.0.1")], [], {}, free)) == FREE


def test_a_port_that_a_program_holds_fails() -> None:
    assert list(judge_ports([port(8080)], [], {}, in_use)) == [
        failed(
            "Port 8080/tcp is taken by another program of this machine.",
            hint="Find it: sudo ss -tulpn 'sport = :8080'",
        )
    ]


def test_a_port_that_a_container_of_others_holds_fails_with_its_name() -> None:
    holders = {"other-web-1": [port(8080, "127.0.0.1")]}
    assert list(judge_ports([port(8080)], [], holders, in_use)) == [
        failed(
            "Port 8080/tcp is taken by the container other-web-1.",
            hint="Stop it, or choose another port in .env. See: docker inspect other-web-1",
        )
    ]


def test_a_port_of_the_old_release_will_be_free() -> None:
    assert list(judge_ports([port(8080)], [port(8080, "0.0.0.0"), port(8080, "::")], {}, in_use)) == FREE


@pytest.mark.parametrize(
    "other",
    [port(8081), port(8080, protocol="udp"), port(8080, "127.0.0.2")],
    ids=["number", "protocol", "address"],
)
def test_another_port_of_a_container_is_not_in_the_way(other) -> None:
    assert list(judge_ports([port(8080, "127.0.0.1")], [], {"other": [other]}, free)) == FREE


def test_a_port_that_docker_may_choose_is_always_free() -> None:
    assert list(judge_ports([port(0)], [], {}, in_use)) == FREE


def test_an_address_of_another_machine_fails() -> None:
    found = list(judge_ports([port(8080, "192.0.2.1")], [], {}, try_to_bind))
    assert [finding.title for finding in found] == ["This machine does not have the address 192.0.2.1."]


def test_a_port_that_only_root_may_hold_is_left_to_docker() -> None:
    assert list(judge_ports([port(80)], [], {}, lambda _port: errno.EACCES)) == FREE


def test_all_ports_that_are_taken_are_told_in_their_order() -> None:
    found = judge_ports([port(9), port(8), port(8)], [], {}, in_use)
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
