"""Carries out the plan of an import: steps 6 to 12, with a journal, and the undo when one fails."""

from collections.abc import Sequence
from typing import Literal

from installer.errors import AirlockError
from installer.operations.plan.import_plan import ImportPlan, Situation
from installer.operations.plan.import_plan_file import dump_plan
from installer.operations.plan.step_names import RECORD
from installer.operations.proof.prove_old_database import differences_found
from installer.operations.services.change_context import Change
from installer.operations.services.engine_returns import was_restarted
from installer.operations.services.kept_logs import keep_release_logs
from installer.operations.services.run_receipt import write_receipt
from installer.operations.services.who_runs import facts_of_run
from installer.operations.steps.import_steps import import_steps
from installer.operations.steps.old_release_again import make_sure_it_runs
from installer.operations.way_back.compare_with_before import compare_with_before
from installer.operations.way_back.not_undone import not_undone
from installer.operations.way_back.undo_run import (
    Before,
    left_as_it_is,
    outcome_of,
    reason_of,
    undo_run,
    without_backup,
)
from installer.screen.console import Console
from installer.site.paths import runs_folder
from installer.system.files.files import sync_filesystem, writable
from installer.system.process.signals import failure_of, interruptible, outlasting_terminal
from installer.text import _
from installer.workflow.journal import Journal, begin_run
from installer.workflow.step import Step, noting, run_steps

TOTAL = 12
FIRST_CHANGING = 6
OnFailure = Literal["ask", "rollback", "stop"]


def open_journal(situation: Situation) -> Journal:
    """Opens the journal of this run, with the plan on disk. Raises `Refused` if it cannot be written.

    First the release itself is written to the disk for good: plain `tar` leaves it in memory for half a
    minute, and after a power cut neither the launcher nor the installer would exist.
    """
    plan, facts = situation.plan, {**facts_of_run(), **situation.host_facts}
    with writable(plan.release):
        sync_filesystem(plan.release)
        return begin_run(runs_folder(plan.release), plan.run_name, dump_plan(plan), facts=facts)


def carry_out(change: Change, journal: Journal, on_failure: OnFailure, *, resumes: bool = False) -> None:
    """Changes this host; a run that `resumes` skips what is done.

    Raises `FailedAndRestored`, `Interrupted` or `Stuck` if the import fails.
    """
    steps = import_steps(change)
    try:
        failure = failure_of(lambda: _go_forward(steps, change, journal, resumes=resumes))
        if failure is not None:
            raise _undone(failure, on_failure, steps, journal, change) from failure
        with noting(change.console):
            journal.ended("done")
    finally:
        write_receipt(change, journal)


def _go_forward(steps: Sequence[Step], change: Change, journal: Journal, *, resumes: bool) -> None:
    """Runs the steps, also after the terminal was closed: the log has the rest."""
    console = change.console
    with outlasting_terminal():
        run_steps(
            steps,
            first=FIRST_CHANGING,
            total=TOTAL,
            journal=journal,
            console=console,
            resumes=resumes,
            is_worth_repeating=lambda failure: was_restarted(failure, change.engine.answers, console),
        )


def _undone(
    failure: BaseException, on_failure: OnFailure, steps: Sequence[Step], journal: Journal, change: Change
) -> AirlockError:
    if journal.has_finished(RECORD):  # users work with the new release: nobody takes it from them unasked
        with noting(change.console):
            journal.ended("stuck")
        return without_backup(failure, change.plan)
    lasting = not_undone(change, journal)
    _answer_failure(failure, on_failure, steps, journal, change)
    afterwards = compare_with_before(change)
    differences = differences_found(change.plan)
    return outcome_of(failure, differences, lasting, afterwards, before=_before(change.plan))


def _before(plan: ImportPlan) -> Before:
    if plan.previous is None:
        return "none"
    return "running" if plan.previous.running_services else "stopped"


def _answer_failure(
    failure: BaseException, on_failure: OnFailure, steps: Sequence[Step], journal: Journal, change: Change
) -> None:
    console = change.console
    console.failure(failure)
    keep_release_logs(change)
    if on_failure == "stop" or (on_failure == "ask" and not _wants_rollback(console)):
        with noting(console):
            journal.ended("stuck")
        raise left_as_it_is(failure) from failure
    undo_run(
        steps,
        journal,
        console,
        reason_of(failure),
        engine_answers=change.engine.answers,
        make_sure=lambda: make_sure_it_runs(change),
    )


def _wants_rollback(console: Console) -> bool:
    """Asks whether to roll back: yes without a terminal, after Ctrl-C, and if nobody answers."""
    if console.assume_yes or not console.is_interactive:
        return True
    console.say(
        _("Without an answer in {minutes} minutes, it is rolled back.", minutes=console.answer_minutes)
    )
    try:
        with interruptible():
            return console.confirm(_("Roll back to the old release now?"), default=True)
    except KeyboardInterrupt:
        return True
