"""Lists messages of refusals, by the server's error number or SQLSTATE, or by what is wrong with a key."""

from collections.abc import Callable

from installer.text import _

Values = dict[str, object]
Sentences = dict[str, Callable[[Values], str]]

# fmt: off
TAKEN: Sentences = {
    "1005": lambda v: _(
        "The server refuses this (error 1005): the database already has a foreign key {name}.", **v),
    "1050": lambda v: _("The server refuses this (error 1050): table {table} already exists.", **v),
    "1060": lambda v: _("The server refuses this (error 1060): {table} already has a column {name}.", **v),
    "1061": lambda v: _("The server refuses this (error 1061): {table} already has an index {name}.", **v),
    "1068": lambda v: _("The server refuses this (error 1068): {table} already has a primary key.", **v),
    "1826": lambda v: _("The server refuses this (error 1826): {table} already has a condition {name}.", **v),
    "42P07": lambda v: _("The server refuses this (SQLSTATE 42P07): table {table} already exists.", **v),
    "42P07 index": lambda v: _(
        "The server refuses this (SQLSTATE 42P07): an index {name} already exists.", **v),
    "42701": lambda v: _(
        "The server refuses this (SQLSTATE 42701): {table} already has a column {name}.", **v),
}
MISSING: Sentences = {
    "1051": lambda v: _("The server refuses this (error 1051): table {table} does not exist.", **v),
    "1054": lambda v: _("The server refuses this (error 1054): {table} has no column {name}.", **v),
    "1072": lambda v: _(
        "The server refuses this (error 1072): {table} has no column {name} for the key.", **v),
    "1091": lambda v: _(
        "The server refuses this (error 1091): {table} has no {name} to drop.", **v),
    "1146": lambda v: _("The server refuses this (error 1146): table {table} does not exist.", **v),
    "1176": lambda v: _("The server refuses this (error 1176): {table} has no index {name}.", **v),
    "42P01": lambda v: _("The server refuses this (SQLSTATE 42P01): table {table} does not exist.", **v),
    "42703": lambda v: _("The server refuses this (SQLSTATE 42703): {table} has no column {name}.", **v),
}
KEYS: Sentences = {
    "1830": lambda v: _(
        "The server refuses this (error 1830): the foreign key {was} sets {name} of {table} to NULL.", **v),
    "1005": lambda v: _(
        "The server refuses this (error 1005): the foreign key would set {name} of {table} to NULL, "
        "but it is NOT NULL.", **v),
    "150": lambda v: _(
        "The server refuses this (error 1005): the foreign key on {name} of {table} references table "
        "{was}, which does not exist.", **v),
    "column": lambda v: _(
        "The server refuses this (error 1005): the foreign key on {name} of {table} references columns "
        "that {was} does not have.", **v),
    "type": lambda v: _(
        "The server refuses this (error 1005): the type of {name} of {table} differs from the type "
        "that its foreign key references: {was}.", **v),
    "index": lambda v: _(
        "The server refuses this (error 1005): {was} has no index on the columns that the foreign key "
        "on {name} of {table} references.", **v),
}
# fmt: on
