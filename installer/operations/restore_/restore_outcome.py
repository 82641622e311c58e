"""Makes the errors with which a restore that failed ends."""

from installer.database.values.problems import ContentDiffers
from installer.errors import AirlockError, FailedAndRestored, Interrupted, Stuck
from installer.operations.restore_.restoration import Restoration
from installer.operations.way_back.unfinished_runs import RESUME_RESTORE
from installer.text import _


def outcome_of_restore(run: Restoration, failure: BaseException, *, is_touched: bool) -> BaseException:
    """Returns the error after the undo: the failure itself if the content was not touched."""
    before = [_old_content(run)] if is_touched else []
    if isinstance(failure, KeyboardInterrupt):
        return Interrupted(_("Interrupted."), details=before)
    if not is_touched and isinstance(failure, AirlockError):
        return failure
    name = _name(run)
    return FailedAndRestored(
        _("{name} was not restored.", name=name),
        details=[*_reason(failure), *before],
        hint=_("To load it without a comparison, run: ./airlock restore --unproven {name}", name=name)
        if isinstance(failure, ContentDiffers)
        else _("Fix the problems above, then run: ./airlock restore {name}", name=name),
    )


def incomplete_content(run: Restoration, failure: BaseException) -> Stuck:
    """Makes the error that the content is incomplete and no safety backup was made."""
    return Stuck(
        _("The restore stopped half-way; the database is incomplete."),
        details=_reason(failure),
        hint=_(
            "The backup is untouched. Try again: {resume}; or with another backup: {resume} BACKUP",
            resume=RESUME_RESTORE,
        ),
    )


def services_not_well(run: Restoration, failure: BaseException) -> Stuck:
    """Makes the error that the backup is restored, and the application does not run as before."""
    safety = run.plan.safety_path(run.site.release)
    details = list(_reason(failure))
    if safety is not None and run.has_safety_backup:
        details.append(
            _("To restore the content from before, run: ./airlock restore {name}", name=safety.name)
        )
    return Stuck(
        _("{name} is restored, but the services do not run as before.", name=_name(run)),
        details=details,
        hint=_("Fix the cause, then run in {directory}: docker compose up -d", directory=run.site.release),
    )


def no_way_back(run: Restoration) -> Stuck:
    """Makes the error that a rollback is not possible."""
    return Stuck(
        _("The database is incomplete, and there is no safety backup of the content from before."),
        details=[_("Its journal: {path}", path=run.journal.folder)],
        hint=_(
            "Continue the restore: {resume}; or with another backup: {resume} BACKUP", resume=RESUME_RESTORE
        ),
    )


def _old_content(run: Restoration) -> str:
    path = run.plan.safety_path(run.site.release)
    name = path.name if path is not None else "-"
    return _("The old content was restored from the safety backup {name}.", name=name)


def _name(run: Restoration) -> str:
    return run.plan.backup_path(run.site.release).name


def _reason(failure: BaseException) -> tuple[str, ...]:
    if isinstance(failure, AirlockError):
        return (failure.happened, *failure.details)
    if isinstance(failure, KeyboardInterrupt):
        return (_("Interrupted."),)
    return (f"{type(failure).__name__}: {failure}",)
