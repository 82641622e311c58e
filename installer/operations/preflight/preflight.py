"""Runs the checks before an import: collects all findings, then judges them. Changes nothing."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from installer.errors import AirlockError, Refused
from installer.operations.preflight.database.credentials import check_credentials
from installer.operations.preflight.database.data_in_use import check_data_in_use
from installer.operations.preflight.database.data_without_backup import check_data_without_backup
from installer.operations.preflight.database.database_check import check_database
from installer.operations.preflight.database.database_place import check_database_place
from installer.operations.preflight.database.disk import check_disk
from installer.operations.preflight.database.lost_data_place import check_data_directory
from installer.operations.preflight.database.unfit_files import check_unfit_files
from installer.operations.preflight.files.carried_data import check_carried_data
from installer.operations.preflight.files.engine_paths import check_engine_paths
from installer.operations.preflight.files.host_paths import check_host_paths
from installer.operations.preflight.files.leftovers import check_leftovers
from installer.operations.preflight.files.links import check_links
from installer.operations.preflight.files.permissions import check_permissions
from installer.operations.preflight.files.same_files import check_same_files
from installer.operations.preflight.files.site_files import check_site_files
from installer.operations.preflight.findings.finding import Finding, finding_of, obstacle_of
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.operations.preflight.host.base_python import check_base_python
from installer.operations.preflight.host.clock_check import check_clock
from installer.operations.preflight.host.command_line_engine import check_command_line
from installer.operations.preflight.host.container_name_check import check_names
from installer.operations.preflight.host.delta_base import check_base
from installer.operations.preflight.host.engine_host import check_engine_host, judge_engine_host
from installer.operations.preflight.host.images_at_hand import check_images
from installer.operations.preflight.host.required_versions import check_versions
from installer.operations.preflight.host.socket_clients import check_socket_clients
from installer.operations.preflight.old.old_condition import check_old_condition
from installer.operations.preflight.old.old_release import check_old_release
from installer.operations.preflight.old.override import check_override
from installer.operations.preflight.old.own_directory import check_own_directory
from installer.operations.preflight.old.unexpected_containers import check_unexpected_containers
from installer.operations.preflight.old.upgrade import check_upgrade
from installer.operations.preflight.settings.external_resources import check_outside
from installer.operations.preflight.settings.ports import check_ports
from installer.operations.preflight.settings.required_settings import check_settings
from installer.operations.preflight.settings.secret_sources import check_sources
from installer.operations.preflight.settings.smoke_address import check_smoke
from installer.screen.console import Console
from installer.system.docker.docker import Engine
from installer.text import _, ngettext

__all__ = ["Finding", "run_preflight"]

CHECKS: tuple[Callable[[Surroundings], Iterable[Finding]], ...] = (
    check_versions,
    check_engine_host,
    check_command_line,
    check_socket_clients,
    check_upgrade,
    check_base,
    check_base_python,
    check_own_directory,
    check_images,
    check_engine_paths,
    check_old_release,
    check_same_files,
    check_old_condition,
    check_unexpected_containers,
    check_leftovers,
    check_settings,
    check_sources,
    check_site_files,
    check_override,
    check_smoke,
    check_outside,
    check_names,
    check_ports,
    check_permissions,
    check_database,
    check_credentials,
    check_database_place,
    check_data_in_use,
    check_unfit_files,
    check_data_directory,
    check_carried_data,
    check_data_without_backup,
    check_host_paths,
    check_links,
    check_disk,
    check_clock,
)


def refuse_unserved_engine(engine: Engine, release: Path) -> None:
    """Raises `Refused` for an engine that cannot serve `release`: then the other checks mean nothing."""
    refuse_failures(judge_engine_host(engine.kind(), release, os.uname().release))


def run_preflight(around: Surroundings, console: Console) -> tuple[Finding, ...]:
    """Runs every check, shows the findings, and raises `Refused` with all failures if there are any."""
    findings = tuple(_all_findings(around))
    _show(findings, console)
    refuse_failures(findings)
    return findings


def refuse_failures(findings: Iterable[Finding]) -> None:
    """Raises `Refused` with all failures among the findings, if there are any."""
    failures = [finding for finding in findings if finding.level == "failed"]
    if failures:
        raise _refusal(failures)


def host_facts(around: Surroundings, findings: Sequence[Finding]) -> dict[str, object]:
    """Returns what was found on this host as values for JSON: the record of a run keeps it."""
    return {
        "engine": around.engine_version.version,
        "compose": around.compose_version,
        "findings": [asdict(finding) for finding in findings],
    }


def _all_findings(around: Surroundings) -> Iterator[Finding]:
    """Collects all findings; the error of a check is its finding."""
    for check in CHECKS:
        try:
            yield from check(around)
        except AirlockError as problem:
            yield finding_of(problem)
        except OSError as obstacle:
            yield obstacle_of(obstacle)


def _show(findings: Sequence[Finding], console: Console) -> None:
    labels = {"ok": _("ok"), "warning": _("warning"), "failed": _("failed")}
    console.table(
        (_("Result"), _("Check")),
        [(labels[finding.level], "\n".join(_lines(finding))) for finding in findings],
        levels=[finding.level for finding in findings],
    )


def _lines(finding: Finding) -> list[str]:
    hint = [f"→ {finding.hint}"] if finding.hint else []
    return [finding.title, *(f"  {line}" for line in finding.details), *hint]


def _refusal(failures: Sequence[Finding]) -> Refused:
    return Refused(
        ngettext(
            "The preflight found {count} problem; nothing was changed.",
            "The preflight found {count} problems; nothing was changed.",
            len(failures),
        ),
        details=[line for failure in failures for line in _lines(failure)],
        hint=ngettext(
            "Fix it, then run the command again.",
            "Fix them, then run the command again.",
            len(failures),
        ),
    )
