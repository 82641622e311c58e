"""Defines the site's command line: the top group, and the one place where errors become exit codes."""

import os
import stat
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import cast

import click

from installer import VERSION
from installer.commands.click_words import Command, Group
from installer.commands.endings.bug_report import reported
from installer.commands.endings.host_problems import translated_host_problem
from installer.commands.endings.usage_errors import translated_usage_error
from installer.errors import AirlockError, Interrupted, Refused
from installer.operations.release_directory import Site
from installer.screen.console import Console, Verbosity
from installer.system.operating_system import IS_LINUX
from installer.system.process.signals import (
    failure_of,
    interrupt_on_signals,
    is_interruption,
    saying_once,
)
from installer.text import LANGUAGES, _

RELEASE_VARIABLE = "AIRLOCK_RELEASE"
VERBS = {"installer.commands.package_verbs": ("verify", "inspect")}
SITE_VERBS = {
    "installer.commands.release_verbs": ("import", "rehearse", "rollback", "adopt"),
    "installer.commands.inventory_verbs": ("inventory",),
    "installer.commands.image_verbs": ("images",),
    "installer.commands.database_verbs": ("migrate", "restore"),
    "installer.commands.backup_verbs": ("backup", "backups"),
}


def run_command_line(group: click.Group, arguments: Sequence[str], program: str = "airlock") -> int:
    """Runs `group` with `arguments` and returns the documented exit code; messages name it `program`.

    Signals do nothing any more when it returns.
    """
    _keep_strangers_out()
    interrupt_on_signals(saying_once(Console().warn, _about_second_signal))
    returned: list[object] = []
    failure = failure_of(
        lambda: returned.append(group.main(list(arguments), standalone_mode=False, prog_name=program))
    )
    if failure is not None:
        return _tell(_translated(failure, program))
    return next((code for code in returned if isinstance(code, int)), 0)


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


def _refusing(verb: str) -> Command:
    """Returns a hidden command that stands in for one of a site, on a system that no site has."""

    def refuse(words: tuple[str, ...]) -> None:
        raise Refused(
            _("`airlock {verb}` runs only on the Linux server of a site.", verb=verb),
            details=[_("This machine can export, verify and inspect packages.")],
            hint=_("Copy the package to the server, unpack it, and run there: ./airlock {verb}", verb=verb),
        )

    return Command(
        verb,
        callback=refuse,
        params=[click.Argument(["words"], nargs=-1, type=click.UNPROCESSED)],
        context_settings={"ignore_unknown_options": True},
        add_help_option=False,
        hidden=True,
    )


airlock.add_verbs(VERBS)
if IS_LINUX:
    airlock.add_verbs(SITE_VERBS)
else:
    for name in chain(*SITE_VERBS.values()):
        airlock.add_command(_refusing(name))


def _keep_strangers_out() -> None:
    """Adds o-w to the session's umask: only the owner and the group may write new files."""
    os.umask(os.umask(0o077) | stat.S_IWOTH)


def _about_second_signal() -> str:
    return _("Already interrupted: what was begun is being cleaned up.")


def _translated(failure: BaseException, program: str) -> AirlockError:
    if isinstance(failure, click.ClickException):
        return translated_usage_error(failure, program)
    if isinstance(failure, AirlockError):
        return failure
    if isinstance(failure, (KeyboardInterrupt, click.Abort)):
        return Interrupted(_("Interrupted."))
    if isinstance(failure, OSError):
        if is_interruption(failure):  # click writes to the terminal, which may be closed
            return Interrupted(_("Interrupted."))
        return translated_host_problem(failure) or reported(failure)
    if isinstance(failure, Exception):
        return reported(failure)
    raise failure


def _tell(failure: AirlockError) -> int:
    Console().problem(failure)
    return failure.exit_code
