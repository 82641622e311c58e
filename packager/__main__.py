"""Starts the engineer's command line: the language first, so that every text after it is in that language."""

import sys

from installer.__main__ import choose_language
from installer.encoding import start_in_utf8, use_encoding_of_terminal

VERBS = {
    "packager.commands.export_verbs": ("export",),
    "packager.commands.combine_verbs": ("combine",),
    "packager.commands.migration_verbs": ("lint", "migration"),
}


def main() -> None:
    """Run the command line and end with its exit code."""
    start_in_utf8()
    use_encoding_of_terminal()
    choose_language(sys.argv[1:])
    from installer.commands.cli import airlock, run_command_line

    airlock.add_verbs(VERBS)
    sys.exit(run_command_line(airlock, sys.argv[1:]))


if __name__ == "__main__":
    main()
