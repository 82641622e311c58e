"""Starts the engineer's command line; chooses the language first, so that all further text is in it."""

import sys

from installer.commands.endings.exit_code import end_on_signals, end_with
from installer.encoding import start_in_utf8, use_encoding_of_terminal

VERBS = {
    "packager.commands.export_verbs": ("export",),
    "packager.commands.combine_verbs": ("combine", "delta"),
    "packager.commands.part_verbs": ("split", "join"),
    "packager.commands.migration_verbs": ("lint", "migration"),
}


def main() -> None:
    """Runs the command line and exits with its exit code."""
    end_on_signals()
    start_in_utf8()
    use_encoding_of_terminal()
    from installer.text import choose_language

    choose_language(sys.argv[1:])
    from installer.commands.cli import airlock, run_command_line

    airlock.add_verbs(VERBS)
    end_with(run_command_line(airlock, sys.argv[1:]))


if __name__ == "__main__":
    main()
