"""Checks whether the ports that the release publishes are free."""

import errno
import socket
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.findings.finding import Finding, failed, ok
from installer.operations.preflight.findings.remedy import owner_of, place_of_setting
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.settings.required_settings import file_of
from installer.site.files.port_settings import port_variables
from installer.system.compose.compose import PublishedPort
from installer.system.docker.docker import Container
from installer.system.port_holder import port_holder
from installer.text import _

EVERYWHERE = ("", "0.0.0.0", "::")
Obstacle = int | None  # the errno that binding the port gave, None when it could be bound


@dataclass(frozen=True)
class Setting:
    """Describes the variable that sets a port, and where a person sets it, as text."""

    variable: str
    place: str


@dataclass(frozen=True)
class Lookups:
    """Holds the questions about a port: does binding it fail, which program has it, which variable sets it.

    `settings` is the file that also sets addresses.
    """

    obstacle_at: Callable[[PublishedPort], Obstacle]
    program_at: Callable[[PublishedPort], str | None]
    setting_of: Callable[[PublishedPort], Setting | None]
    settings: Path


def check_ports(around: Surroundings) -> Iterator[Finding]:
    """Checks for ports that other containers or programs hold; the old release frees its own."""
    situation = around.situation
    installation = situation.installation
    old = [port for one in installation.containers for port in one.ports] if installation else []
    foreign = [one for one in around.foreign_containers if one.is_up]
    lookups = Lookups(
        try_to_bind,
        lambda port: port_holder(port.published, port.protocol),
        _settings(situation).get,
        file_of(situation).path,
    )
    services = situation.model.services.values()
    yield from judge_ports([port for service in services for port in service.ports], old, foreign, lookups)


def judge_ports(
    wanted: Iterable[PublishedPort],
    old: Iterable[PublishedPort],
    foreign: Sequence[Container],
    lookups: Lookups,
) -> Iterator[Finding]:
    """Returns a failure per taken port, ok if all are free. `foreign` are other running containers."""
    old, problems = tuple(old), []
    for port in sorted({port for port in wanted if port.published}, key=lambda port: port.published):
        holder = next((one for one in foreign if any(_clash(port, held) for held in one.ports)), None)
        if holder is not None:
            problems.append(_held_by_container(port, holder, lookups.setting_of(port)))
        elif not any(_clash(port, one) for one in old):
            problems += _held_by_program(port, lookups)
    yield from problems or [ok(_("Ports are free"))]


def try_to_bind(port: PublishedPort) -> Obstacle:
    """Binds the port for a moment, as Docker would."""
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


def _settings(situation: Situation) -> dict[PublishedPort, Setting]:
    compose = situation.compose
    variables = port_variables(compose.directory / file for file in compose.files)
    return {
        port: Setting(variable, place_of_setting(variable, situation))
        for service in situation.model.services.values()
        for port in service.ports
        if (variable := variables.get((service.name, port.target))) is not None
    }


def _held_by_container(port: PublishedPort, holder: Container, setting: Setting | None) -> Finding:
    stop = _("Stop it: docker stop {name}", name=holder.name)
    return failed(
        _("Port {port} is taken by the container {name}.", port=_shown(port), name=holder.name),
        [owner_of(holder), *_place(setting)],
        hint=_or_another_port(stop, setting),
    )


def _held_by_program(port: PublishedPort, lookups: Lookups) -> list[Finding]:
    obstacle = lookups.obstacle_at(port)
    if obstacle == errno.EADDRINUSE:
        program, setting = lookups.program_at(port), lookups.setting_of(port)
        found = [_("The program is {program}.", program=program)] if program is not None else []
        stop = _("Stop it. To find it, run: sudo ss -tulpn 'sport = :{port}'", port=port.published)
        return [
            failed(
                _("Port {port} is taken by another program of this machine.", port=_shown(port)),
                [*found, *_place(setting)],
                hint=_or_another_port(stop, setting),
            )
        ]
    if obstacle == errno.EADDRNOTAVAIL:
        return [
            failed(
                _("This machine does not have the address {address}.", address=port.host_ip),
                [_("A service publishes port {port} there.", port=port.published)],
                hint=_("Compare the addresses in {path} with: ip address", path=lookups.settings),
            )
        ]
    return []


def _place(setting: Setting | None) -> list[str]:
    return [setting.place] if setting is not None else [_("The compose file fixes this port.")]


def _or_another_port(stop: str, setting: Setting | None) -> str:
    return _("{stop}, or set another {variable}", stop=stop, variable=setting.variable) if setting else stop


def _shown(port: PublishedPort) -> str:
    where = f"{port.host_ip}:" if port.host_ip not in EVERYWHERE else ""
    return f"{where}{port.published}/{port.protocol}"
