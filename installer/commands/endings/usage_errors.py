"""Translates click's usage errors into the language in use."""

from collections.abc import Collection
from difflib import get_close_matches

import click

from installer.errors import UsageProblem
from installer.text import _


def translated_usage_error(error: click.ClickException, program: str) -> UsageProblem:
    """Returns the error as a `UsageProblem`, with the command that shows the usage."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else program
    return UsageProblem(
        _happened(error),
        details=_nearest(error),
        hint=_("To see the usage, run: {command}", command=f"{path} --help"),
    )


def _happened(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        return _("Unknown option: {option}", option=error.option_name)
    if isinstance(error, click.BadOptionUsage):
        return _bad_option_usage(error)
    if isinstance(error, click.MissingParameter):
        return _("{name} is missing.", name=_name_of(error.param) or error.param_hint)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad_parameter(error.param, error.message)
    if isinstance(error, click.UsageError) and error.message.startswith("No such command"):
        return _("Unknown command: {name}", name=_verb_in(error.message))
    if isinstance(error, click.UsageError) and "unexpected extra argument" in error.message:
        words = error.message.partition("(")[2].rstrip(")")
        return _("Unexpected arguments: {words}", words=words)
    return error.format_message()


def _nearest(error: click.ClickException) -> list[str]:
    """Returns the option or command that was probably meant, as a question; empty if none is close."""
    near: list[str] = []
    if isinstance(error, click.NoSuchOption):
        near = get_close_matches(error.option_name, _options_of(error.ctx), 1)
    elif isinstance(error, click.UsageError) and error.message.startswith("No such command"):
        near = get_close_matches(_verb_in(error.message), _verbs_of(error.ctx), 1)
    return [_("Did you mean {name}?", name=name) for name in near]


def _verb_in(message: str) -> str:
    return message.split("'")[1]


def _verbs_of(context: click.Context | None) -> Collection[str]:
    group = context.command if context is not None else None
    return group.list_commands(context) if context is not None and isinstance(group, click.Group) else ()


def _options_of(context: click.Context | None) -> Collection[str]:
    """Returns the options of the command, and the global ones, which are accepted anywhere."""
    commands = (context.command, context.find_root().command) if context is not None else ()
    shown = [one for command in commands for one in command.params if isinstance(one, click.Option)]
    return [name for one in shown if not one.hidden for name in one.opts if name.startswith("--")]


def _bad_option_usage(error: click.BadOptionUsage) -> str:
    if "does not take" in error.message:
        return _("{option} takes no value.", option=error.option_name)
    return _("{option} requires a value.", option=error.option_name)


def _bad_parameter(parameter: click.Parameter, problem: str) -> str:
    name = _name_of(parameter)
    if isinstance(parameter.type, click.Choice):
        return _("{name} must be one of: {choices}", name=name, choices=", ".join(parameter.type.choices))
    if isinstance(parameter.type, (click.FloatRange, click.IntRange)):
        return _("{name} must be a number of at least {least}.", name=name, least=parameter.type.min)
    if isinstance(parameter.type, click.Path):
        return _path_wanted(parameter.type, name)
    return _("{name} has an invalid value: {problem}", name=name, problem=problem)


def _path_wanted(kind: "click.Path", name: str | None) -> str:
    if not kind.dir_okay:
        return _("{name} must be a readable file.", name=name)
    if not kind.file_okay:
        return _("{name} must be a readable directory.", name=name)
    return _("{name} must be a readable file or directory.", name=name)


def _name_of(parameter: click.Parameter | None) -> str | None:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name if parameter is not None else None
