"""Asks the person whether to carry out the plan. Nothing has changed before."""

from installer.errors import Refused
from installer.operations.decisions.show_import_plan import show_plan
from installer.operations.plan.import_plan import Situation
from installer.screen.console import Console
from installer.text import _


def agreed(situation: Situation, console: Console, *, dry_run: bool, accepts: bool) -> bool:
    """Shows the plan; returns True if the person agrees, False after a dry run.

    Data that changes without an error needs its own consent, which `accepts` gives in advance. Raises
    `Declined` or `Refused`.
    """
    show_plan(situation, console)
    if dry_run:
        console.say(_("This was a dry run: nothing was changed."))
        return False
    if situation.silent_changes and not accepts:
        console.expect_own_yes(_("Accept these data changes?"), _not_accepted(situation.silent_changes))
    console.expect_yes(_("Go ahead?"), hint=_("Without a terminal, confirm with: ./import-package.sh --yes"))
    return True


def _not_accepted(silent_changes: tuple[str, ...]) -> Refused:
    return Refused(
        _("The migrations may change data without an error, which --yes does not accept."),
        details=silent_changes,
        hint=_("To accept it, run the command again with: --accept-changed-values"),
    )
