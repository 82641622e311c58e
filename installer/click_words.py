"""Click's own words in the person's language: the headings of its help, and its usage errors."""

import click

from installer.errors import UsageProblem
from installer.text import _


class _Translated(click.Command):
    """A command whose help is all in one language."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, words, prefix=_("Usage:") + " ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _("Show this message and exit.")
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = [parameter.get_help_record(ctx) for parameter in self.get_params(ctx)]
        with formatter.section(_("Options")):
            formatter.write_dl([record for record in records if record is not None])
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)


class Command(_Translated):
    """A verb."""


class Group(_Translated, click.Group):
    """A verb with verbs below it."""

    command_class = Command
    group_class = type

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        verbs = [(name, self.commands[name]) for name in self.list_commands(ctx)]
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, verb.help or "") for name, verb in verbs if not verb.hidden])


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
        return _("{name} is missing.", name=_name_of(error.param) or error.param_hint)
    if isinstance(error, click.BadParameter) and error.param is not None:
        return _bad_parameter(error.param, error.message)
    if isinstance(error, click.UsageError) and error.message.startswith("No such command"):
        return _("There is no such command: {name}", name=error.message.split("'")[1])
    if isinstance(error, click.UsageError) and "unexpected extra argument" in error.message:
        words = error.message.partition("(")[2].rstrip(")")
        return _("Too many words on the command line: {words}", words=words)
    return error.format_message()


def _bad_parameter(parameter: click.Parameter, problem: str) -> str:
    name = _name_of(parameter)
    if isinstance(parameter.type, click.Choice):
        return _("{name} must be one of: {choices}", name=name, choices=", ".join(parameter.type.choices))
    return _("{name} has a value that does not fit: {problem}", name=name, problem=problem)


def _name_of(parameter: click.Parameter | None) -> str | None:
    if isinstance(parameter, click.Option):
        return parameter.opts[0]
    return parameter.human_readable_name if parameter is not None else None
