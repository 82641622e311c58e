"""Shows a report as lines for people and as a document for programs."""

from collections.abc import Iterator

from installer.bundle.layout import shown
from installer.text import _, ngettext
from packager.lint.catalogue.findings import Finding
from packager.lint.catalogue.levels import LEVELS, Level, Weight
from packager.lint.report import Found, Report


def report_lines(report: Report, folder: str) -> Iterator[str]:
    """Yields every finding not accepted, in the order of migrations, and the sum. `folder` is theirs."""
    for one in report.standing:
        finding = one.finding
        weights = _weights(finding)
        line = f"{folder}/{one.file}:{one.line}: {_level(finding.level)} {finding.code}: {finding.words()}"
        yield shown(f"{line} [{weights}]" if weights else line)
    yield _sum(report)


def report_document(report: Report, folder: str) -> dict[str, object]:
    """Returns the report with stable keys; only `text` is in the current language."""
    return {
        "migrations": list(report.judged),
        "counts": {level: report.count(level) for level in LEVELS},
        "accepted": len(report.found) - len(report.standing),
        "findings": [_document(one, folder) for one in report.found],
    }


def _document(one: Found, folder: str) -> dict[str, object]:
    finding = one.finding
    return {
        "migration": one.migration,
        "file": f"{folder}/{one.file}",
        "line": one.line,
        "code": finding.code,
        "level": finding.level,
        "weights": list(finding.weights),
        "table": finding.table or None,
        "name": finding.name or None,
        "was": finding.was or None,
        "now": finding.now or None,
        "text": finding.words(),
        "accepted": one.accepted,
    }


def _sum(report: Report) -> str:
    errors, warnings, notices = (report.count(level) for level in LEVELS)
    accepted = len(report.found) - len(report.standing)
    counted = [
        ngettext("{count} migration", "{count} migrations", len(report.judged)),
        ngettext("{count} error", "{count} errors", errors),
        ngettext("{count} warning", "{count} warnings", warnings),
        ngettext("{count} notice", "{count} notices", notices),
    ]
    if accepted:
        counted.append(ngettext("{count} accepted", "{count} accepted", accepted))
    return ", ".join(counted)


def _level(level: Level) -> str:
    return {"error": _("error"), "warning": _("warning"), "notice": _("notice")}[level]


def _weights(finding: Finding) -> str:
    """Returns what the finding means for a site, if that is more than a change."""
    words: dict[Weight, str] = {
        "may_fail": _("may fail"),
        "blocks_writes": _("blocks writes"),
        "blocks_reads": _("blocks reads and writes"),
        "destroys": _("destroys data"),
    }
    return ", ".join(words[weight] for weight in finding.weights if weight in words)
