"""Lists the addresses of a release: the checked one, as others reach it, and every published port."""

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from installer.errors import AirlockError
from installer.operations.plan.import_plan import Situation
from installer.operations.services.smoke_url import smoke_url
from installer.system.compose.compose import ComposeModel, PublishedPort
from installer.text import _

EVERYWHERE = ("", "0.0.0.0", "::")
USUAL_PORTS = {"http": 80, "https": 443}


def checked_url(situation: Situation) -> str | None:
    """Returns the address that the last step checked, None if the package names none."""
    smoke = situation.manifest.smoke
    try:
        return smoke_url(smoke.url, situation.compose) if smoke else None
    except AirlockError:
        return None


def addresses(model: ComposeModel, url: str | None, host: str) -> Iterator[str]:
    """Returns one line per address; `url` is the one that was checked, `host` the name of this machine."""
    checked = urlsplit(url) if url is not None else None
    ports = [(service.name, port) for service in model.services.values() for port in service.ports]
    doors = [port for _name, port in ports if checked is not None and _is_door(port, checked)]
    if checked is not None and url is not None:
        yield _("{address} (checked: {url})", address=_outside(checked, doors, host), url=url)
    for name, port in ports:
        if port.published and port.protocol == "tcp" and port not in doors:
            yield f"{name}: {_host_of(port, host)}:{port.published}"


def _is_door(port: PublishedPort, checked: SplitResult) -> bool:
    """Returns whether the address that was checked leads to this port."""
    number = checked.port or USUAL_PORTS.get(checked.scheme)
    return port.protocol == "tcp" and port.published == number


def _outside(checked: SplitResult, doors: list[PublishedPort], host: str) -> str:
    is_open = any(port.host_ip in EVERYWHERE for port in doors)
    is_local = checked.hostname in ("localhost", "127.0.0.1", "::1")
    name = host if is_open and is_local else _bracketed(checked.hostname or host)
    number = f":{checked.port}" if checked.port not in (None, USUAL_PORTS.get(checked.scheme)) else ""
    return f"{checked.scheme}://{name}{number}/"


def _host_of(port: PublishedPort, host: str) -> str:
    return host if port.host_ip in EVERYWHERE else _bracketed(port.host_ip)


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
