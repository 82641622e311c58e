"""Containers as the engine would tell them, showing only what matters."""

from collections.abc import Mapping

from installer.system.docker.containers import Container, parse_container


def a_container(
    service: str | None,
    *,
    name: str = "",
    image: str = "i",
    image_id: str = "sha256:aa",
    state: str = "running",
    one_off: bool = False,
    project: str | None = None,
    working_dir: str | None = None,
    ports: Mapping[str, list[dict[str, str]]] | None = None,
    health: str | None = None,
    exit_code: int = 0,
    restarts: int = 0,
    started: str = "2026-11-22T02:03:04.5Z",
) -> Container:
    compose = "com.docker.compose."
    labels = {
        f"{compose}service": service,
        f"{compose}oneoff": str(one_off),
        f"{compose}project": project,
        f"{compose}project.working_dir": working_dir,
    }
    return parse_container(
        {
            "Id": name or service,
            "Name": f"/{name or service}",
            "Image": image_id,
            "Created": "2026-11-22T02:03:04Z",
            "Config": {"Image": image, "Labels": labels},
            "State": {
                "Status": state,
                "ExitCode": exit_code,
                "Health": {"Status": health},
                "StartedAt": started,
            },
            "RestartCount": restarts,
            "HostConfig": {},
            "NetworkSettings": {"Ports": ports or {}},
        }
    )
