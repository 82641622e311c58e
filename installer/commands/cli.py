"""Defines the site's command line: the top group, and the one place where errors become exit codes."""

import os
import signal
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import cast

import click

from installer import VERSION
from installer.commands.bug_report import reported
from installer.commands.click_words import Group
from installer.commands.host_problems import translated_host_problem
from installer.commands.usage_errors import translated_usage_error
from installer.errors import AirlockError, Interrupted
from installer.operations.release_directory import Site
from installer.screen.console import Console, Verbosity
from installer.text import LANGUAGES, _

RELEASE_VARIABLE = "AIRLOCK_RELEASE"
VERBS = {
    "installer.commands.release_verbs": ("import", "rehearse", "rollback", "adopt", "verify", "inspect"),
    "installer.commands.inventory_verbs": ("inventory",),
    "installer.commands.database_verbs": ("migrate", "restore"),
    "installer.commands.backup_verbs": ("backup", "backups"),
}


def run_command_line(group: click.Group, arguments: Sequence[str], program: str = "airlock") -> int:
    """Runs `group` with `arguments` and returns the documented exit code; messages name it `program`."""
    _keep_strangers_out()
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) != signal.SIG_IGN:  # else it was started with nohup
            signal.signal(number, _interrupt)
    try:
        exit_code = group.main(list(arguments), standalone_mode=False, prog_name=program)
        return exit_code if isinstance(exit_code, int) else 0
    except click.ClickException as usage:
        return _tell(translated_usage_error(usage, program))
    except (KeyboardInterrupt, click.Abort):
        return _tell(Interrupted(_("Interrupted.")))
    except AirlockError as failure:
        return _tell(failure)
    except OSError as problem:
        return _tell(translated_host_problem(problem) or reported(problem))
    except Exception as bug:
        return _tell(reported(bug))


@click.group(
    cls=Group,
    help=_("Carry releases of Docker Compose applications across an air gap."),
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(VERSION, "--version", prog_name="airlock", help=_("Show the version and exit."))
@click.option("--lang", type=click.Choice(LANGUAGES), help=_("Language of all messages."))
@click.option("--quiet", "verbosity", flag_value="quiet", help=_("Show only results and problems."))
@click.option("--verbose", "verbosity", flag_value="verbose", help=_("Also show details."))
@click.option(
    "--log-file",
    type=click.Path(path_type=Path, readable=False),
    metavar=_("FILE"),
    help=_("Append all output to this file."),
)
@click.pass_context
def airlock(context: click.Context, lang: str | None, verbosity: str | None, log_file: Path | None) -> None:
    """Sets `context.obj` to the `Site` for all commands. `__main__` has already applied `lang`."""
    console = Console(verbosity=cast(Verbosity, verbosity or "normal"))
    context.obj = Site(Path(os.environ.get(RELEASE_VARIABLE, Path.cwd())), console)
    if log_file is not None:
        context.with_resource(console.logging_to(log_file))


airlock.add_verbs(VERBS)


def _keep_strangers_out() -> None:
    """Adds o-w to the session's umask: only the owner and the group may write new files."""
    os.umask(os.umask(0o077) | stat.S_IWOTH)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _tell(failure: AirlockError) -> int:
    Console().problem(failure)
    return failure.exit_code
