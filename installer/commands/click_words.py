"""Translates the headings and placeholders of click's help."""

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from typing import Any

import click
from click.core import augment_usage_errors

from installer.commands.help_page import HelpPage
from installer.commands.own_options import own_options, own_options_first
from installer.errors import UsageProblem
from installer.text import _


class _Context(click.Context):
    formatter_class = HelpPage


class _Translated(click.Command):
    """A command whose help is entirely in the language in use."""

    context_class = _Context

    def __init__(self, *words: Any, **settings: Any) -> None:
        super().__init__(*words, **settings)
        self.options_metavar = _("[OPTIONS]")
        for parameter in self.params:
            if isinstance(parameter, click.Option) and parameter.metavar is None:
                parameter.metavar = _blank_of(parameter.type)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        with augment_usage_errors(ctx):  # so that each error points to the help of this very command
            return super().parse_args(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, words, prefix=_("Usage:") + " ")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = _("Show this message and exit.")
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(_("Options")):
            formatter.write_dl(_help_records(self.get_params(ctx), ctx))
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        if ctx.parent:
            whole_line = ctx.find_root()
            with formatter.section(_("Global options")):
                formatter.write_dl(_help_records(own_options(whole_line.command), whole_line))


class Command(_Translated):
    """A command without subcommands."""


class Group(_Translated, click.Group):
    """A command with subcommands."""

    command_class = Command
    group_class = type

    def __init__(self, *words: Any, **settings: Any) -> None:
        super().__init__(*words, **settings)
        self.subcommand_metavar = _("COMMAND [ARGUMENTS]")
        self._modules: dict[str, str] = {}

    def add_verbs(self, modules: Mapping[str, Sequence[str]]) -> None:
        """Adds commands by name; the module with their `COMMANDS` is imported when one of them is used."""
        self._modules |= {verb: module for module, verbs in modules.items() for verb in verbs}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *self._modules})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if module := self._modules.get(cmd_name):
            for verb in import_module(module).COMMANDS:
                self.add_command(verb)
        return super().get_command(ctx, cmd_name)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args and self.no_args_is_help:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(UsageProblem.exit_code)
        is_whole_line = ctx.parent is None
        return super().parse_args(ctx, own_options_first(self, args) if is_whole_line else args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        verbs = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section(_("Commands")):
            formatter.write_dl(
                [(name, _first_paragraph(verb)) for name, verb in verbs if verb and not verb.hidden]
            )


def _help_records(parameters: Iterable[click.Parameter], ctx: click.Context) -> list[tuple[str, str]]:
    options = [one for one in parameters if isinstance(one, click.Option)]
    records = [option.get_help_record(ctx) for option in options]
    return [(record[0], _required_translated(record[1])) for record in records if record is not None]


def _required_translated(meaning: str) -> str:
    """Translates click's mark for a required option, which follows the range of its values."""
    return meaning.replace("required]", _("required") + "]")


def _first_paragraph(verb: click.Command) -> str:
    return (verb.help or "").partition("\n\n")[0]


def _blank_of(kind: "click.ParamType[Any]") -> str | None:
    """Returns the placeholder for an option's value in the help; None where click lists the values."""
    if isinstance(kind, click.Choice):
        return None
    if isinstance(kind, click.Path):
        return _("FILE") if not kind.dir_okay else _("PATH") if kind.file_okay else _("FOLDER")
    numbers = (click.types.FloatParamType, click.types.IntParamType)
    return _("NUMBER") if isinstance(kind, numbers) else _("TEXT")
