"""Starts the command line: the language first, so that every text after it is in that language."""

import sys

from installer.commands.copied_python import delete_copy_at_end
from installer.commands.endings.exit_code import (  # all others late: a signal may come first
    end_on_signals,
    end_with,
)


def main() -> None:
    """Run the site's command line and end with its exit code."""
    end_on_signals()
    delete_copy_at_end()
    from installer.encoding import start_in_utf8, use_encoding_of_terminal

    start_in_utf8()
    use_encoding_of_terminal()
    from installer.text import choose_language

    choose_language(sys.argv[1:])
    from installer.commands.cli import airlock, run_command_line

    end_with(run_command_line(airlock, sys.argv[1:], program="./airlock"))


if __name__ == "__main__":
    main()
