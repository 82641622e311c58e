"""Finds services in trouble, described in the words of `docker ps`."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from installer.system.docker.containers import Container

RECENTLY = timedelta(seconds=60)


def troubled(containers: Iterable[Container], now: datetime) -> dict[str, str]:
    """Returns the trouble of each service that has any, such as "Restarting (1)".

    A container that has ended counts only if no other container of its service is up.
    """
    own = [one for one in containers if one.service and not one.is_one_off]
    up = {one.service for one in own if one.is_up}
    counted = (one for one in own if one.is_up or one.service not in up)
    found = {str(one.service): trouble_of(one) or _crash_of(one, now) for one in counted}
    return {service: trouble for service, trouble in sorted(found.items()) if trouble}


def trouble_of(container: Container) -> str:
    """Returns the trouble of a container at this moment; "" if there is none."""
    if container.state == "restarting":
        return f"Restarting ({container.exit_code})"
    if container.state in ("exited", "dead") and container.exit_code:
        return f"Exited ({container.exit_code})"
    if container.state == "paused":
        return "Paused"
    return "unhealthy" if container.health == "unhealthy" else ""


def _crash_of(container: Container, now: datetime) -> str:
    """Returns "Restarting" for a running container that was restarted recently: it may be in a crash loop."""
    started = container.started_at
    was_restarted = container.restart_count > 0 and started is not None and now - started < RECENTLY
    return "Restarting" if container.is_running and was_restarted else ""
