"""Says click's usage errors in the person's language."""

import click

from installer.errors import UsageProblem
from installer.text import _


def translated_usage_error(error: click.ClickException) -> UsageProblem:
    """The usage error as one of ours, with the command that shows how it is meant."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "airlock"
    return UsageProblem(
        _happened(error), hint=_("To see how it is used, type: {command}", command=f"{path} --help")
    )


def _happened(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return _("There is no option {option}.", option=error.option_name)
    if isinstance(error, click.MissingParameter):
        name = error.param.human_readable_name if error.param is not None else error.param_hint
        return _("{name} is missing.", name=name)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _("{name} is wrong: {problem}", name=error.param.human_readable_name, problem=error.message)
    if isinstance(error, click.UsageError) and error.message.startswith("No such command"):
        return _("There is no such command: {name}", name=error.message.split("'")[1])
    if isinstance(error, click.UsageError) and "unexpected extra argument" in error.message:
        return _(
            "Too many words on the command line: {words}", words=error.message.partition("(")[2].rstrip(")")
        )
    return error.format_message()
