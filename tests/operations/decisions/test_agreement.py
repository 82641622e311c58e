"""Data that changes without an error needs a yes of its own."""

import io
from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import Refused
from installer.operations.decisions.agreement import agreed
from installer.operations.plan.import_plan import Situation
from installer.screen.console import Console
from tests.operations.decisions.test_shared_data import situation

ROUNDED = "2 rows of `users` change their value in `score` without an error: DECIMAL(10,2) → DECIMAL(10,0)."


@pytest.fixture
def rounding(tmp_path: Path) -> Situation:
    """A plan whose migrations round values."""
    return replace(situation(tmp_path, "copy"), silent_changes=(ROUNDED,))


def test_yes_alone_does_not_accept_it(rounding: Situation) -> None:
    story = io.StringIO()
    with pytest.raises(Refused) as refused:
        agreed(rounding, Console(story=story, assume_yes=True), dry_run=False, accepts=False)
    assert refused.value.exit_code == 3
    assert str(refused.value) == (
        "The migrations may change data without an error, which --yes does not accept.\n"
        f"  {ROUNDED}\n"
        "To accept it, run the command again with: --accept-changed-values"
    )


def test_it_is_accepted_beforehand_by_its_own_option(rounding: Situation) -> None:
    console = Console(story=io.StringIO(), assume_yes=True)
    assert agreed(rounding, console, dry_run=False, accepts=True)


def test_a_dry_run_tells_it_and_asks_nothing(rounding: Situation) -> None:
    story = io.StringIO()
    assert not agreed(rounding, Console(story=story), dry_run=True, accepts=False)
    assert f"    {ROUNDED}" in story.getvalue().splitlines()


def test_what_changes_no_data_needs_no_other_yes(rounding: Situation) -> None:
    harmless = replace(rounding, silent_changes=())
    assert agreed(harmless, Console(story=io.StringIO(), assume_yes=True), dry_run=False, accepts=False)
