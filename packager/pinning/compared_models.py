"""Compares Compose's model of the project's files with its model of the pinned files."""

from collections.abc import Iterator

PINNED = ("image", "build", "pull_policy")
CREATE = "create_host_path"


def differences(original: dict[str, object], pinned: dict[str, object]) -> list[str]:
    """Returns the places where the two differ, except for what pinning changes."""
    return list(_differences(_comparable(original), _comparable(pinned), ""))


def _comparable(model: dict[str, object]) -> dict[str, object]:
    services = model.get("services")
    named = services.items() if isinstance(services, dict) else ()
    known = {key: value for key, value in model.items() if not key.startswith("x-")}
    return {**known, "name": "", "services": {name: _service(value) for name, value in named}}


def _service(service: object) -> object:
    if not isinstance(service, dict):
        return service
    kept = {key: value for key, value in service.items() if key not in PINNED}
    volumes = kept.get("volumes")
    return {**kept, "volumes": [_mount(item) for item in volumes]} if isinstance(volumes, list) else kept


def _mount(mount: object) -> object:
    if not isinstance(mount, dict):
        return mount
    bind = mount.get("bind")
    options = {key: value for key, value in bind.items() if key != CREATE} if isinstance(bind, dict) else {}
    return {**mount, "bind": options}


def _differences(one: object, other: object, place: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in sorted({*one, *other}):
            yield from _differences(one.get(key), other.get(key), f"{place}.{key}" if place else str(key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from _differences(first, second, f"{place}[{number}]")
    elif one != other:
        yield place
