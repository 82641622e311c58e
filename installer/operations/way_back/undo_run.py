"""Undoes a run that failed, was interrupted, or ended in a crash."""

from collections.abc import Callable, Sequence
from typing import Literal

from installer.errors import AirlockError, FailedAndRestored, Interrupted, Stuck
from installer.operations.plan.import_plan import ImportPlan
from installer.operations.services.engine_returns import EngineAnswers, came_back, was_restarted
from installer.operations.way_back.compare_with_before import AS_BEFORE, Afterwards
from installer.screen.console import Console
from installer.system.process.signals import ignore_signals, saying_once, uninterrupted
from installer.text import _, ngettext
from installer.workflow.journal import Journal
from installer.workflow.step import Step, begun_of, noting, undo_steps

RESUME = "./import-package.sh --resume"
ROLLBACK = "./airlock rollback"
Before = Literal["running", "stopped", "none"]


def undo_run(
    steps: Sequence[Step],
    journal: Journal,
    console: Console,
    reason: str,
    *,
    engine_answers: EngineAnswers,
    make_sure: Callable[[], None],
) -> None:
    """Undoes every step that was started and journals the result. Raises `Stuck` if an undo fails.

    Then `make_sure` starts again what no step stopped, but an engine that was killed did not start.
    """
    console.say(_("Rolling back. This cannot be interrupted."))
    with uninterrupted(saying_once(console.warn, lambda: _how_far(steps, journal))):
        try:
            _undo(steps, journal, console, engine_answers, make_sure)
        except Exception as failure:
            with noting(console):
                journal.ended("stuck")
            raise _stuck(failure, reason) from failure
        finally:
            ignore_signals()  # what is left is to say how it ended
        with noting(console):
            journal.ended("restored")


def _how_far(steps: Sequence[Step], journal: Journal) -> str:
    """Says at Ctrl-C how far the rollback is."""
    left = [step.title for step in begun_of(steps, journal) if step.title]
    if not left:
        return _("The rollback cannot be interrupted. All steps are undone.")
    return ngettext(
        "The rollback cannot be interrupted. {count} step is left to undo; now: {title}",
        "The rollback cannot be interrupted. {count} steps are left to undo; now: {title}",
        len(left),
        title=left[-1],
    )


def outcome_of(
    failure: BaseException,
    differences: Sequence[str],
    not_undone: Sequence[str] = (),
    afterwards: Afterwards = AS_BEFORE,
    *,
    before: Before = "running",
) -> AirlockError:
    """Makes the error that reports the rollback after this failure.

    `differences` are those between the restored database and its backup, `not_undone` lines about data that
    stays changed; `before` is how the old release was.
    """
    lasting = (*not_undone, *afterwards.lasting)
    reasons = [reason_of(failure)]
    otherwise = back_otherwise(
        _("The import failed."), differences, afterwards, reasons=reasons, lasting=not_undone
    )
    if otherwise is not None:
        return otherwise
    if KeyboardInterrupt in (type(failure), type(failure.__cause__)):
        return Interrupted(_("Interrupted. All steps that had started were undone."), details=lasting)
    return FailedAndRestored(
        _("The import failed. The new installation was removed again.")
        if before == "none"
        else _("The import failed. The old release is back.")
        if not_undone
        else _("The import failed. Everything is back as it was before."),
        details=[*reasons, *lasting],
        hint=_(
            "No action needed: the old release is running."
            " Fix the cause (see the log), then run the import again."
        )
        if before == "running"
        else _("Fix the cause (see the log), then run the import again."),
    )


def back_otherwise(
    happened: str,
    differences: Sequence[str],
    afterwards: Afterwards,
    *,
    reasons: Sequence[str] = (),
    lasting: Sequence[str] = (),
) -> FailedAndRestored | None:
    """Makes the error that the old release runs again, but not as before; None if it does."""
    details = [*reasons, *differences, *afterwards.worse, *lasting, *afterwards.lasting]
    if differences:
        return FailedAndRestored(
            happened + " " + _("The old release runs again, but its database differs from the backup."),
            details=details,
            hint=_(
                "Something wrote to the database after the backup."
                " To restore exactly the backup, run: ./airlock restore BACKUP"
            ),
        )
    if afterwards.worse:
        return FailedAndRestored(
            happened + " " + _("The old release is back with its data, but does not run as before."),
            details=details,
            hint=_("In its directory, run: docker compose ps --all; docker compose logs --tail 50"),
        )
    return None


def left_as_it_is(failure: BaseException) -> Stuck:
    """Makes the error that the person chose to look first and not to roll back."""
    return Stuck(
        _("The import failed and was not rolled back."),
        details=[reason_of(failure)],
        hint=_("To roll back, run: {command}", command=ROLLBACK),
    )


def without_backup(failure: BaseException, plan: ImportPlan) -> Stuck:
    """Makes the error that the new release is in operation, and the old database not backed up yet."""
    details = failure.details if isinstance(failure, AirlockError) else ()
    waiting = [_("Its files: {path}", path=one.kept_files) for one in plan.waiting_for_backup]
    return Stuck(
        _("{version} is in operation, but the old database is not backed up yet.", version=plan.version),
        details=[reason_of(failure), *details, *waiting],
        hint=_(
            "Keep these files. To make the backup, run: {resume}; to go back: {rollback}",
            resume=RESUME,
            rollback=ROLLBACK,
        ),
    )


def _undo(
    steps: Sequence[Step],
    journal: Journal,
    console: Console,
    engine_answers: EngineAnswers,
    make_sure: Callable[[], None],
) -> None:
    """Undoes the steps; again if the engine was restarted meanwhile: an undo checks the actual state."""
    came_back(engine_answers, console)
    try:
        _undo_once(steps, journal, console, make_sure)
    except AirlockError as failure:
        if not was_restarted(failure, engine_answers, console):
            raise
        _undo_once(steps, journal, console, make_sure)


def _undo_once(
    steps: Sequence[Step], journal: Journal, console: Console, make_sure: Callable[[], None]
) -> None:
    undo_steps(steps, journal=journal, console=console)
    make_sure()


def _stuck(failure: Exception, reason: str) -> Stuck:
    details = [_("First: {reason}", reason=reason), _("Then: {reason}", reason=reason_of(failure))]
    details += failure.details if isinstance(failure, AirlockError) else ()
    return Stuck(
        _("The rollback failed. Manual action is required."),
        details=details,
        hint=_("Fix the problems above, then run: {command}", command=ROLLBACK),
    )


def reason_of(failure: BaseException) -> str:
    """Returns what went wrong, in one line."""
    return failure.happened if isinstance(failure, AirlockError) else f"{type(failure).__name__}: {failure}"
