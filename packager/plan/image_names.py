"""Names the images of a release: by the version if built, by their tag if pulled."""

from collections.abc import Collection

from installer.bundle.images.image_references import Reference, is_reference, split_reference
from installer.bundle.variables import NoDefault, by_defaults
from installer.errors import UsageProblem
from installer.text import _
from packager.project.written_services import Compose, Service, image_of, is_built


def image_references(compose: Compose, project: str, version: str) -> dict[str, str]:
    """Maps each service to its reference in the package: `repository:version` if built, its tag if pulled.

    Raises `UsageProblem` with the place of every reference that depends on a variable without a default.
    """
    problems: list[str] = []
    built = {s.name: _repository(s, project, problems) for s in compose.services if s.is_built}
    names = {_written_name(s, project): built[s.name] for s in compose.services if s.is_built}
    found = {}
    for service in compose.services:
        repository = built.get(service.name) or names.get(_written_name(service, project))
        found[service.name] = (
            f"{repository}:{version}" if repository else pulled_reference(service, problems).by_tag
        )
    problems += [
        _(
            "{place}: `{image}` is not a valid image reference.",
            place=service.place,
            image=found[service.name],
        )
        for service in compose.services
        if not problems and not is_reference(found[service.name])
    ]
    if problems:
        raise UsageProblem(_("Image names cannot be determined from the compose file."), details=problems)
    return found


def base_references(compose: Compose, project: str, version: str) -> dict[str, dict[str, str]]:
    """Maps each file that is only extended to the references of its services, where the image is known."""
    built = {_written_name(s, project) for s in compose.services if s.is_built}
    found: dict[str, dict[str, str]] = {}
    for file in compose.along:
        for name in file.service_names() if file.is_extended else ():
            node = file.service(name)
            image = image_of((file, node), compose.all_files) if node else ""
            is_ours = node is not None and is_built((file, node), compose.all_files)
            reference = _base_reference(image, is_ours, built, version)
            if reference is not None:
                found.setdefault(file.name, {})[name] = reference
    return found


def _base_reference(image: str, is_built: bool, built: Collection[str], version: str) -> str | None:
    try:
        parts = split_reference(by_defaults(image))
    except NoDefault:
        return None
    is_ours = is_built or parts.by_tag in built
    reference = f"{parts.repository}:{version}" if is_ours else parts.by_tag
    return reference if image and is_reference(reference) else None


def pulled_reference(service: Service, problems: list[str]) -> Reference:
    """Returns what a service that is not built pulls; adds a missing default of a variable to `problems`."""
    return split_reference(_resolved(service, service.image, problems))


def _repository(service: Service, project: str, problems: list[str]) -> str:
    if not service.image:
        return f"{project}-{service.name}".lower()
    return _resolved(service, split_reference(service.image).repository, problems)


def _written_name(service: Service, project: str) -> str:
    """Returns the full image name by which services share an image."""
    image = service.image or f"{project}-{service.name}".lower()
    try:
        return split_reference(by_defaults(image)).by_tag
    except NoDefault:
        return image


def _resolved(service: Service, image: str, problems: list[str]) -> str:
    try:
        return by_defaults(image)
    except NoDefault as missing:
        problems.append(
            _(
                "{place}: `{image}` needs the variable {name}, which has no default; set one: "
                "${{{name}:-…}}.",
                place=service.place,
                image=image,
                name=missing.name,
            )
        )
        return image
