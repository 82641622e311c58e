import re
from collections.abc import Iterator

import click
import pytest

from installer import commands_database, commands_release
from installer.cli import airlock, run_command_line
from installer.click_words import Command, Group
from installer.text import use_language


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")


def told_by(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run_command_line(airlock, words)
    return code, capsys.readouterr().err


def wrong(happened: str, path: str) -> str:
    return f"Error: {happened}\n→ To see how it is used, type: {path} --help\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("frobnicate",),
            wrong("There is no such command: frobnicate", "airlock"),
        ),
        (
            ("import", "--sate"),
            wrong("There is no option --sate.", "airlock import"),
        ),
        (
            ("import", "--state", "sideways"),
            wrong("--state must be one of: copy, move", "airlock import"),
        ),
        (
            ("verify", "a", "b"),
            wrong("Too many words on the command line: b", "airlock verify"),
        ),
        (("verify", "/nowhere"), "Error: /nowhere does not exist.\n"),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_the_way_to_help(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told_by(*words, capsys=capsys) == (2, told)


def test_an_interrupted_command_claims_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    group = click.Group(commands=[click.Command("wait", callback=interrupt)])
    assert run_command_line(group, ["wait"]) == 130
    assert capsys.readouterr().err.strip() == "Error: Interrupted."


def verbs(group: click.Group = airlock) -> Iterator[click.Command]:
    for verb in group.commands.values():
        yield verb
        if isinstance(verb, click.Group):
            yield from verbs(verb)


def test_every_verb_speaks_through_our_words() -> None:
    assert [verb.name for verb in verbs() if not isinstance(verb, Command | Group)] == []


def test_nothing_of_a_help_page_is_left_in_english_words_of_click() -> None:
    use_language("ko")
    page = commands_release.import_.get_help(click.Context(commands_release.import_, info_name="import"))
    assert re.findall(r"Usage|Options|Show this|default", page) == []


def test_the_list_of_verbs_shows_whole_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    run_command_line(airlock, ["--help"])
    page = capsys.readouterr().out
    assert "..." not in page.partition("Commands:")[2]
    assert len(commands_database.COMMANDS) == page.count("\n  backup") + page.count(
        "\n  migrate"
    ) + page.count("\n  restore")
