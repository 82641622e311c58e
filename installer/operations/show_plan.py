"""Shows what an import will do, before it is confirmed."""

from installer.bundle.migrations import printable
from installer.console import Console, size
from installer.operations.import_plan import ImportPlan, Situation
from installer.system.files import size_of_tree
from installer.text import _, ngettext


def show_plan(situation: Situation, pending: tuple[str, ...], console: Console) -> None:
    """Tell the plan line by line."""
    plan, application = situation.plan, situation.manifest.application
    console.say()
    console.say(_("Up to here nothing has changed. The plan:"))
    for line in (*_release_lines(plan, application.title), *_state_lines(plan), *_migration_lines(pending)):
        console.say(f"  {line}")
    console.say()


def _release_lines(plan: ImportPlan, title: str) -> list[str]:
    if plan.previous is None:
        return [
            _(
                "Install {title} {version} in {directory}.",
                title=title,
                version=plan.version,
                directory=plan.release,
            )
        ]
    return [
        _(
            "Replace {title} {before} in {old} with {version} in {new}.",
            title=title,
            before=plan.previous.version or _("(version unknown)"),
            old=plan.previous.directory,
            version=plan.version,
            new=plan.release,
        ),
        _("Stop: {services}", services=", ".join(plan.previous.running_services) or "-"),
        *([_("Back up the database to {path}.", path=plan.backup_path)] if plan.database else []),
    ]


def _state_lines(plan: ImportPlan) -> list[str]:
    lines = [_("Take over the settings: {files}", files=", ".join(plan.settings))] if plan.settings else []
    for item in plan.state:
        words = {"source": item.source, "target": item.target, "size": size(size_of_tree(item.source))}
        if plan.state_mode == "move":
            lines.append(_("Move {source} to {target} ({size}).", **words))
        else:
            lines.append(_("Copy {source} to {target} ({size}); the old one stays.", **words))
    return lines


def _migration_lines(pending: tuple[str, ...]) -> list[str]:
    if not pending:
        return [_("No pending migrations.")]
    count = ngettext("Apply {count} migration:", "Apply {count} migrations:", len(pending))
    return [count, *(f"  {printable(name)}" for name in pending)]
