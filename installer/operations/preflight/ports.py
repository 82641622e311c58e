"""Are the ports that the release publishes free?"""

import errno
import socket
from collections.abc import Callable, Iterable, Iterator, Mapping

from installer.operations.preflight.finding import Finding, failed, ok
from installer.operations.preflight.surroundings import Surroundings
from installer.system.compose import PublishedPort
from installer.text import _

EVERYWHERE = ("", "0.0.0.0", "::")
Obstacle = int | None  # the errno that binding the port gave, None when it could be bound


def check_ports(around: Surroundings) -> Iterator[Finding]:
    """Ports that containers of others or other programs hold; those of the old release will be free."""
    services = around.situation.model.services.values()
    installation = around.situation.installation
    old = [port for one in installation.containers for port in one.ports] if installation else []
    foreign = {one.name: one.ports for one in around.foreign_containers if one.is_up}
    yield from judge_ports(
        [port for service in services for port in service.ports], old, foreign, try_to_bind
    )


def judge_ports(
    wanted: Iterable[PublishedPort],
    old: Iterable[PublishedPort],
    foreign: Mapping[str, Iterable[PublishedPort]],
    obstacle_at: Callable[[PublishedPort], Obstacle],
) -> Iterator[Finding]:
    """A failure per port that is not free, ok when all are. `foreign`: container name → ports it holds."""
    old, problems = tuple(old), []
    for port in sorted({port for port in wanted if port.published}, key=lambda port: port.published):
        holder = next(
            (name for name, ports in foreign.items() if any(_clash(port, one) for one in ports)), None
        )
        if holder is not None:
            problems.append(_held_by_container(port, holder))
        elif not any(_clash(port, one) for one in old):
            problems += _held_by_program(port, obstacle_at(port))
    yield from problems or [ok(_("Ports are free"))]


def try_to_bind(port: PublishedPort) -> Obstacle:
    """Hold the port for a moment, as Docker would."""
    family = socket.AF_INET6 if ":" in port.host_ip else socket.AF_INET
    kind = socket.SOCK_DGRAM if port.protocol == "udp" else socket.SOCK_STREAM
    try:
        with socket.socket(family, kind) as held:
            if kind == socket.SOCK_STREAM:
                held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            held.bind((port.host_ip, port.published))
    except OSError as obstacle:
        return obstacle.errno
    return None


def _clash(one: PublishedPort, other: PublishedPort) -> bool:
    same_port = (one.published, one.protocol) == (other.published, other.protocol)
    return same_port and (
        one.host_ip == other.host_ip or one.host_ip in EVERYWHERE or other.host_ip in EVERYWHERE
    )


def _held_by_container(port: PublishedPort, holder: str) -> Finding:
    return failed(
        _("Port {port} is taken by the container {name}.", port=_shown(port), name=holder),
        hint=_("Stop it, or choose another port in .env. See: docker inspect {name}", name=holder),
    )


def _held_by_program(port: PublishedPort, obstacle: Obstacle) -> list[Finding]:
    if obstacle == errno.EADDRINUSE:
        return [
            failed(
                _("Port {port} is taken by another program of this machine.", port=_shown(port)),
                hint=_("Find it: sudo ss -tulpn 'sport = :{port}'", port=port.published),
            )
        ]
    if obstacle == errno.EADDRNOTAVAIL:
        return [
            failed(
                _("This machine does not have the address {address}.", address=port.host_ip),
                [_("A service publishes port {port} there.", port=port.published)],
                hint=_("Compare the addresses in .env with: ip address"),
            )
        ]
    return []


def _shown(port: PublishedPort) -> str:
    where = f"{port.host_ip}:" if port.host_ip not in EVERYWHERE else ""
    return f"{where}{port.published}/{port.protocol}"
