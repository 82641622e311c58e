"""Lists messages of refusals, by the server's error number or by what is wrong with a foreign key."""

from collections.abc import Callable

from installer.text import _

Values = dict[str, object]
Sentences = dict[str, Callable[[Values], str]]

# fmt: off
TAKEN: Sentences = {
    "1005": lambda v: _(
        "The server refuses this (error 1005): the database has a foreign key {name} already.", **v),
    "1050": lambda v: _("The server refuses this (error 1050): there is a table {table} already.", **v),
    "1060": lambda v: _("The server refuses this (error 1060): {table} has a column {name} already.", **v),
    "1061": lambda v: _("The server refuses this (error 1061): {table} has an index {name} already.", **v),
    "1068": lambda v: _("The server refuses this (error 1068): {table} has a primary key already.", **v),
    "1826": lambda v: _("The server refuses this (error 1826): {table} has a condition {name} already.", **v),
}
MISSING: Sentences = {
    "1051": lambda v: _("The server refuses this (error 1051): there is no table {table}.", **v),
    "1054": lambda v: _("The server refuses this (error 1054): {table} has no column {name}.", **v),
    "1072": lambda v: _(
        "The server refuses this (error 1072): {table} has no column {name} for the key.", **v),
    "1091": lambda v: _(
        "The server refuses this (error 1091): {table} has no {name} that could be dropped.", **v),
    "1146": lambda v: _("The server refuses this (error 1146): there is no table {table}.", **v),
    "1176": lambda v: _("The server refuses this (error 1176): {table} has no index {name}.", **v),
}
KEYS: Sentences = {
    "1830": lambda v: _(
        "The server refuses this (error 1830): the foreign key {was} sets {name} of {table} to NULL.", **v),
    "1005": lambda v: _(
        "The server refuses this (error 1005): the foreign key would set {name} of {table} to NULL, which "
        "is NOT NULL.", **v),
    "150": lambda v: _(
        "The server refuses this (error 1005): the foreign key over {name} of {table} points to {was}, a "
        "table that is not there.", **v),
    "column": lambda v: _(
        "The server refuses this (error 1005): the foreign key over {name} of {table} points to columns "
        "that {was} does not have.", **v),
    "type": lambda v: _(
        "The server refuses this (error 1005): {name} of {table} has another type than what the foreign "
        "key points to: {was}.", **v),
    "index": lambda v: _(
        "The server refuses this (error 1005): {was} has no index over what the foreign key over {name} of "
        "{table} points to.", **v),
}
# fmt: on
