"""Starts the engineer's command line: the language first, so that every text after it is in that language."""

import sys

from installer.__main__ import choose_language


def main() -> None:
    """Run the command line and end with its exit code."""
    choose_language(sys.argv[1:])
    from installer.cli import airlock, run_command_line
    from packager.cli import COMMANDS

    for verb in COMMANDS:
        airlock.add_command(verb)
    sys.exit(run_command_line(airlock, sys.argv[1:]))


if __name__ == "__main__":
    main()
