"""Runs the installer and notes which modules it has imported at its end; started with a file for the names.

python3 -I -X utf8 imported_modules.py FILE installer.pyz import --yes
"""

import atexit
import runpy
import sys
from pathlib import Path


def note(file: str) -> None:
    """Adds the names of all modules that were imported from the standard library."""
    found = [name for name in sys.modules if name.partition(".")[0] in sys.stdlib_module_names]
    with Path(file).open("a", encoding="utf-8") as names:
        names.write("".join(f"{name}\n" for name in found))


if __name__ == "__main__":
    atexit.register(note, sys.argv[1])
    sys.argv = sys.argv[2:]
    sys.path.insert(0, sys.argv[0])
    runpy.run_path(sys.argv[0], run_name="__main__")
