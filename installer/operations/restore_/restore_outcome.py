"""Makes the errors with which a restore that failed ends."""

from collections.abc import Iterator, Sequence

from installer.database.values.problems import ContentDiffers, ContentUntouched
from installer.errors import AirlockError, FailedAndRestored, Interrupted, Stuck
from installer.operations.restore_.restoration import DatabaseRestoration, Restoration
from installer.operations.way_back.standing_of_restore import contents
from installer.operations.way_back.unfinished_runs import RESUME_RESTORE
from installer.text import _


def outcome_of_restore(
    run: Restoration, failure: BaseException, touched: Sequence[DatabaseRestoration]
) -> BaseException:
    """Returns the error after the undo: the failure itself if no content was `touched`."""
    before = [_old_content(one) for one in touched]
    if isinstance(failure, KeyboardInterrupt):
        return Interrupted(_("Interrupted."), details=before)
    if not touched and isinstance(failure, AirlockError):
        return _of_all(run, failure)
    return FailedAndRestored(
        _("{name} was not restored.", name=run.names),
        details=[*_reason(failure), *before],
        hint=_("To load it without a comparison, run: ./airlock restore --unproven {name}", name=run.names)
        if isinstance(failure, ContentDiffers)
        else _again(run),
    )


def incomplete_content(run: Restoration, failure: BaseException) -> Stuck:
    """Makes the error that the content is incomplete and no safety backup was made."""
    return Stuck(
        _("The restore stopped half-way; the database is incomplete.")
        if len(run.databases) == 1
        else _("The restore stopped half-way; not all databases are restored."),
        details=[*_reason(failure), *_states(run)],
        hint=_(
            "The backup is untouched. Try again: {resume}; or with another backup: {resume} BACKUP",
            resume=RESUME_RESTORE,
        ),
    )


def services_not_well(run: Restoration, failure: BaseException) -> Stuck:
    """Makes the error that the backup is restored, and the application does not run as before."""
    details = list(_reason(failure))
    paths = [one.plan.safety_path(run.site.release) for one in run.databases if one.has_safety_backup]
    if paths:
        names = " ".join(path.name for path in paths if path is not None)
        details.append(_("To restore the content from before, run: ./airlock restore {name}", name=names))
    return Stuck(
        _("{name} is restored, but the services do not run as before.", name=run.names),
        details=details,
        hint=_("Fix the cause, then run in {directory}: docker compose up -d", directory=run.site.release),
    )


def no_way_back(run: Restoration) -> Stuck:
    """Makes the error that a rollback is not possible."""
    return Stuck(
        _("The database is incomplete, and there is no safety backup of the content from before.")
        if len(run.databases) == 1
        else _("Not all databases are restored, and there is no safety backup of the content from before."),
        details=[*_states(run), _("Its journal: {path}", path=run.journal.folder)],
        hint=_(
            "Continue the restore: {resume}; or with another backup: {resume} BACKUP", resume=RESUME_RESTORE
        ),
    )


def _of_all(run: Restoration, failure: AirlockError) -> AirlockError:
    """Returns the failure with a hint that names the backups of all databases."""
    if len(run.databases) > 1 and isinstance(failure, ContentUntouched):
        return ContentUntouched(failure.happened, details=failure.details, hint=_again(run))
    return failure


def _again(run: Restoration) -> str:
    return _("Fix the problems above, then run: ./airlock restore {name}", name=run.names)


def _states(run: Restoration) -> Iterator[str]:
    """Yields, for each of several databases, what it contains now."""
    if len(run.databases) > 1:
        yield from contents(run.plan, run.journal)


def _old_content(database: DatabaseRestoration) -> str:
    path = database.plan.safety_path(database.site.release)
    name = path.name if path is not None else "-"
    return _("The old content was restored from the safety backup {name}.", name=name)


def _reason(failure: BaseException) -> tuple[str, ...]:
    if isinstance(failure, AirlockError):
        return (failure.happened, *failure.details)
    if isinstance(failure, KeyboardInterrupt):
        return (_("Interrupted."),)
    return (f"{type(failure).__name__}: {failure}",)
