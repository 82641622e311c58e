"""Carries out the plan of a restore; undoes it when a step fails."""

from typing import NoReturn

from installer.errors import AirlockError
from installer.operations.restore_.restoration import Restoration
from installer.operations.restore_.restore_outcome import (
    incomplete_content,
    outcome_of_restore,
    services_not_well,
)
from installer.operations.restore_.restore_receipt import write_restore_receipt
from installer.operations.restore_.restore_steps import restore_steps
from installer.operations.restore_.stop_running_services import make_sure_they_run
from installer.operations.way_back.undo_run import reason_of, undo_run
from installer.system.docker.docker import Engine
from installer.system.process.signals import uninterrupted
from installer.text import _
from installer.workflow.journal import End
from installer.workflow.step import noting, run_steps


def carry_out_restore(run: Restoration, *, resumes: bool = False) -> None:
    """Restores; a run that `resumes` skips what is done.

    Raises `FailedAndRestored`, `Interrupted` or `Stuck`, or the obstacle if the content was not touched.
    """
    steps = restore_steps(run)
    try:
        run_steps(steps, first=1, total=len(steps), journal=run.journal, console=run.console, resumes=resumes)
    except BaseException as failure:
        with uninterrupted():
            _answer_failure(run, failure)
    end_restore(run, "done")
    run.console.say(_("The restore is complete."))


def _answer_failure(run: Restoration, failure: BaseException) -> NoReturn:
    """Undoes the restore, unless all content is in place and only services are not well."""
    only_services_fail = isinstance(failure, AirlockError) and engine_answers()
    if run.is_replaced and (only_services_fail or not run.has_way_back):
        end_restore(run, "done")
        raise services_not_well(run, failure) from failure
    touched = run.touched
    run.console.failure(failure)
    if not run.has_way_back:
        end_restore(run, "stuck")
        raise incomplete_content(run, failure) from failure
    undo_restore(run, reason_of(failure))
    raise outcome_of_restore(run, failure, touched) from failure


def undo_restore(run: Restoration, reason: str) -> None:
    """Undoes every step that was started. Raises `Stuck` if an undo fails."""
    try:
        undo_run(
            restore_steps(run),
            run.journal,
            run.console,
            reason,
            engine_answers=engine_answers,
            make_sure=lambda: make_sure_they_run(run),
        )
    finally:
        write_restore_receipt(run, run.journal.end())


def end_restore(run: Restoration, end: End) -> None:
    """Records how the restore ended, in the receipt and at last in the journal."""
    write_restore_receipt(run, end)
    with noting(run.console):
        run.journal.ended(end)


def engine_answers() -> bool:
    """Returns whether the engine responds, over a new connection."""
    try:
        return Engine.connect().answers()
    except AirlockError:
        return False
