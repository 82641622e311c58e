"""Pins all compose files of a project for a release, each at its own path."""

from packager.pinning.pin import pin
from packager.plan.export_plan import ExportPlan
from packager.plan.image_names import base_references
from packager.project.compose_files import ComposeText
from packager.project.written_services import service_nodes


def pinned_compose(plan: ExportPlan) -> dict[str, str]:
    """Maps paths to texts of all compose files, with images and project name fixed. Raises `UsageProblem`."""
    compose = plan.project.compose
    bases = base_references(compose, plan.project.project, plan.version)
    first_in = _first_files(plan)
    pinned: dict[str, str] = {}
    for file in compose.all_files:
        if file.name not in pinned:
            pinned[file.name] = pin(
                file.text,
                file.name,
                bases.get(file.name, {}) if file.is_extended else plan.image_of,
                complete={name for name, first in first_in.items() if first == file.name},
                project=_project_name(plan, file),
            )
    return pinned


def _first_files(plan: ExportPlan) -> dict[str, str]:
    """Maps each service to the file that sets its image."""
    compose = plan.project.compose
    first_in = {}
    for service in compose.services:
        nodes = service_nodes(service.name, compose.with_services)
        if names := [file.name for file, node in nodes if node.kind == "mapping"]:
            first_in[service.name] = names[0]
    return first_in


def _project_name(plan: ExportPlan, file: ComposeText) -> str | None:
    files = plan.project.compose.files
    is_named_here = file is files[0] or (file in files and file.root.own("name") is not None)
    return plan.project.project if is_named_here else None
