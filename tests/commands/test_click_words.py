import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from rich.cells import cell_len

import installer.commands.cli
import packager.__main__
from installer.commands import backup_verbs, database_verbs
from installer.commands.cli import SITE_VERBS, airlock, run_command_line
from installer.commands.click_words import Command, Group
from installer.system.process.process import output_of
from installer.text import use_language


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    use_language("en")


def told_by(*words: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = run_command_line(airlock, words)
    return code, capsys.readouterr().err


def wrong(happened: str, path: str, meant: str = "") -> str:
    near = f"  Did you mean {meant}?\n" if meant else ""
    return f"Error: {happened}\n{near}→ To see the usage, run: {path} --help\n"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (
            ("frobnicate",),
            wrong("Unknown command: frobnicate", "airlock"),
        ),
        (
            ("import", "--sate"),
            wrong("Unknown option: --sate", "airlock import", "--state"),
        ),
        (
            ("import", "--verbos"),
            wrong("Unknown option: --verbos", "airlock import", "--verbose"),
        ),
        (
            ("bakcup",),
            wrong("Unknown command: bakcup", "airlock", "backup"),
        ),
        (
            ("migrate", "staus"),
            wrong("Unknown command: staus", "airlock migrate", "status"),
        ),
        (
            ("import", "--state", "sideways"),
            wrong("--state must be one of: copy, move", "airlock import"),
        ),
        (
            ("verify", "a", "b"),
            wrong("Unexpected arguments: b", "airlock verify"),
        ),
        (
            ("verify", "/nowhere"),
            "Error: /nowhere does not exist.\n"
            "→ Specify the directory that `tar -xzf` created, or the package file itself.\n",
        ),
        (
            ("import", "--health-timeout", "soon"),
            wrong("--health-timeout must be a number of at least 1.", "airlock import"),
        ),
        (
            ("import", "--health-timeout", "0"),
            wrong("--health-timeout must be a number of at least 1.", "airlock import"),
        ),
        (("import", "--state"), wrong("--state requires a value.", "airlock import")),
        (("import", "--yes=1"), wrong("--yes takes no value.", "airlock import")),
        (("migrate", "baseline"), wrong("LAST is missing.", "airlock migrate baseline")),
    ],
)
def test_a_wrong_command_line_ends_with_2_and_the_way_to_help(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told_by(*words, capsys=capsys) == (2, told)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (click.Path(exists=True, dir_okay=False), "file"),
        (click.Path(exists=True, file_okay=False), "directory"),
        (click.Path(exists=True), "file or directory"),
    ],
)
def test_a_path_that_does_not_fit_is_told_what_it_must_be(
    kind: click.Path, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    group = click.Group(commands=[Command("look", params=[click.Option(["--at"], type=kind)])])
    assert run_command_line(group, ["look", "--at", "/nowhere"]) == 2
    told = wrong(f"--at must be a readable {wanted}.", "airlock look")
    assert capsys.readouterr().err == told


def test_an_interrupted_command_claims_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    def interrupt() -> None:
        raise KeyboardInterrupt

    group = click.Group(commands=[click.Command("wait", callback=interrupt)])
    assert run_command_line(group, ["wait"]) == 130
    assert capsys.readouterr().err.strip() == "Error: Interrupted."


def verbs(group: click.Group = airlock) -> Iterator[click.Command]:
    context = click.Context(group)
    for name in group.list_commands(context):
        verb = group.get_command(context, name)
        assert verb and verb.name == name
        yield verb
        if isinstance(verb, click.Group):
            yield from verbs(verb)


def test_each_verb_is_listed_with_the_module_that_has_it() -> None:
    for module, listed in {**installer.commands.cli.VERBS, **SITE_VERBS, **packager.__main__.VERBS}.items():
        assert tuple(verb.name for verb in import_module(module).COMMANDS) == listed


def test_every_verb_speaks_through_our_words() -> None:
    assert [verb.name for verb in verbs() if not isinstance(verb, Command | Group)] == []


def test_every_option_of_a_verb_is_one_that_its_function_takes() -> None:
    """A group's function, and those of packagers' verbs, are given other things besides."""
    wrong = {}
    for listed in (*installer.commands.cli.VERBS, *SITE_VERBS, *packager.__main__.VERBS):
        for verb in all_of(import_module(listed).COMMANDS):
            takes = set(inspect.signature(verb.callback).parameters) if verb.callback else set()
            given = {one.name for one in verb.params if one.expose_value}
            wrong |= {(listed, verb.name): given - takes} if given - takes else {}
    assert wrong == {}


def all_of(commands: Iterable[click.Command]) -> Iterator[click.Command]:
    for verb in commands:
        yield verb
        yield from all_of(verb.commands.values()) if isinstance(verb, click.Group) else ()


def test_a_group_without_a_verb_shows_its_help_and_ends_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command_line(airlock, ["migrate"]) == 2
    without = capsys.readouterr()
    assert run_command_line(airlock, ["migrate", "--help"]) == 0
    assert (without.out, without.err) == ("", capsys.readouterr().out)


CLICKS_WORDS = (
    r"required|Usage|Options|OPTIONS|COMMAND|ARGS|Show this|default|RANGE|"
    r"FILE|PATH|DIRECTORY|FOLDER|TEXT|NUMBER"
)
PRINT_ALL_HELP = """
import click, re
from installer.system.process.process import output_of
from installer.text import use_language
use_language("ko")
from installer.commands.cli import airlock

def show(command, context):
    print(command.get_help(context))
    for name in command.list_commands(context) if isinstance(command, click.Group) else ():
        verb = command.get_command(context, name)
        show(verb, verb.context_class(verb, info_name=name, parent=context))

show(airlock, airlock.context_class(airlock, info_name="airlock"))
"""


@pytest.fixture(scope="module")
def korean_help() -> str:
    """Of every verb, from a process of its own: the help is worded once, when the verbs are made."""
    return output_of((sys.executable, "-c", PRINT_ALL_HELP), cwd=Path(__file__).parents[2])


def test_nothing_of_a_help_page_is_left_in_english_words_of_click(korean_help: str) -> None:
    assert "사용법" in korean_help
    assert re.findall(CLICKS_WORDS, korean_help) == []


def test_korean_help_fits_a_terminal(korean_help: str) -> None:
    assert [line for line in korean_help.splitlines() if cell_len(line) > 80] == []


def test_the_help_of_a_verb_says_what_its_words_are(capsys: pytest.CaptureFixture[str]) -> None:
    run_command_line(airlock, ["import", "--help"])
    assert capsys.readouterr().out.startswith(
        "Usage: airlock import [OPTIONS] [PACKAGE]\n"
        "\n"
        "  Import a release and start it on this host.\n"
        "\n"
        "  PACKAGE is a package file, one of its parts, or an unpacked package\n"
        "  (default: this release directory).\n"
        "\n"
        "Options:\n"
        "  --from DIRECTORY "
    )


def test_the_help_of_a_verb_ends_with_the_options_that_every_command_takes(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for words in (["import", "--help"], ["backups", "verify", "--help"]):
        run_command_line(airlock, words)
        assert capsys.readouterr().out.partition("\n\nGlobal options:\n")[2] == (
            "  --lang [en|ko]   Language of all messages.\n"
            "  --quiet          Show only results and problems.\n"
            "  --verbose        Also show details.\n"
            "  --log-file FILE  Append all output to this file.\n"
        )


def test_on_a_site_words_name_the_program_that_lies_there(capsys: pytest.CaptureFixture[str]) -> None:
    run_command_line(airlock, ["import", "--sate"], program="./airlock")
    assert capsys.readouterr().err == wrong("Unknown option: --sate", "./airlock import", "--state")


def test_the_list_of_verbs_shows_whole_sentences(capsys: pytest.CaptureFixture[str]) -> None:
    run_command_line(airlock, ["--help"])
    page = capsys.readouterr().out
    assert "..." not in page.partition("Commands:")[2]
    verbs = (*database_verbs.COMMANDS, *backup_verbs.COMMANDS)
    assert len(verbs) == page.count("\n  backup") + page.count("\n  migrate") + page.count("\n  restore")
