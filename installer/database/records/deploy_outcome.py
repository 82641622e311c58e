"""Says how the application of migrations ended."""

from installer.text import _


def outcome_of_deploy(has_applied: bool, *, is_rehearsal: bool) -> str:
    """Returns the last line of an application that succeeded, in the database or in a copy of it."""
    if not has_applied:
        return _("No pending migrations to apply.")
    if is_rehearsal:
        return _("Rehearsal: all migrations applied to the copy.")
    return _("All migrations have been successfully applied.")
