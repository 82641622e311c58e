"""Accepts global options also after a command, because `./import-package.sh` inserts the command itself."""

from collections.abc import Sequence
from itertools import islice

import click


def own_options(group: click.Command) -> list[click.Option]:
    """Returns the global options: all of the group's except help and version."""
    return [one for one in group.params if isinstance(one, click.Option) and not one.is_eager]


def own_options_first(group: click.Command, arguments: Sequence[str]) -> list[str]:
    """Returns the arguments with the group's options moved to the front; help and version stay in place."""
    own = {name: one for one in own_options(group) for name in one.opts}
    first: list[str] = []
    others: list[str] = []
    words = iter(arguments)
    for word in words:
        name, is_whole, _value = word.partition("=")
        if word == "--":
            others += [word, *words]
        elif name in own:
            first += [word] if is_whole or own[name].is_flag else [word, *islice(words, 1)]
        else:
            others.append(word)
    return [*first, *others]
