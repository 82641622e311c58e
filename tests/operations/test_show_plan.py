import io
from pathlib import Path

from installer.console import Console
from installer.operations.closing_words import closing_words
from installer.operations.show_plan import show_plan
from installer.system.compose import Mount
from tests.operations.test_lasting import situation

FILES = Mount("volume", "files", "/files", False)


def test_the_plan_and_the_last_words_name_what_going_back_would_not_undo(tmp_path: Path) -> None:
    story = io.StringIO()
    console = Console(story=story)
    found = situation(tmp_path, "copy", FILES)
    show_plan(found, (), console)
    closing_words(found, console)
    lines = story.getvalue().splitlines()
    assert "  Going back would not undo what the new release changes in: vault_files" in lines
    assert "Going back does not undo what is changed in: vault_files" in lines
