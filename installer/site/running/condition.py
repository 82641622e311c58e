"""Which services do not run as they should, in the engine's own words, which people know from `docker ps`."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from installer.system.docker.containers import Container

RECENTLY = timedelta(seconds=60)


def troubled(containers: Iterable[Container], now: datetime) -> dict[str, str]:
    """Service → its trouble, such as "Restarting (1)"; services without any are left out.

    A container that has ended counts only where no other one of its service is up.
    """
    own = [one for one in containers if one.service and not one.is_one_off]
    up = {one.service for one in own if one.is_up}
    counted = (one for one in own if one.is_up or one.service not in up)
    found = {str(one.service): trouble_of(one) or _crash_of(one, now) for one in counted}
    return {service: trouble for service, trouble in sorted(found.items()) if trouble}


def trouble_of(container: Container) -> str:
    """What is wrong with it at this moment; "" when nothing is."""
    if container.state == "restarting":
        return f"Restarting ({container.exit_code})"
    if container.state in ("exited", "dead") and container.exit_code:
        return f"Exited ({container.exit_code})"
    if container.state == "paused":
        return "Paused"
    return "unhealthy" if container.health == "unhealthy" else ""


def _crash_of(container: Container, now: datetime) -> str:
    """A program that ends again and again is seen running in between."""
    started = container.started_at
    was_restarted = container.restart_count > 0 and started is not None and now - started < RECENTLY
    return "Restarting" if container.is_running and was_restarted else ""
