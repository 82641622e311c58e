"""Lets the Python of an image compile modules, in a container without network that is deleted afterwards."""

import zipfile
from collections.abc import Mapping
from pathlib import Path

from installer.errors import Failed, Refused
from installer.system.process.streaming import reading_from
from installer.text import _
from packager.runtime.stored_zip import read_zip, stored_zip

SCRIPT = Path(__file__).with_name("compile_script.py")
CALM = ("PYTHONHASHSEED=0", "PYTHONPATH=", "PYTHONHOME=", "PYTHONOPTIMIZE=", "LANG=C.UTF-8")
OPTIONS = ("-X", "no_debug_ranges", "-P", "-s", "-S", "-B")


def compiled(sources: Mapping[str, bytes], image_id: str, program: str, folder: Path) -> dict[str, bytes]:
    """Maps the paths of bytecode, such as `a/b.pyc`, to its content.

    Raises `Refused` with the engine's words if the image cannot run on this machine.
    """
    given = folder / "sources.zip"
    given.write_bytes(stored_zip(sources))
    try:
        with given.open("rb") as file, reading_from(compile_command(image_id, program), stdin=file) as stream:
            made = read_zip(stream.read())
    except (Failed, zipfile.BadZipFile) as failure:
        raise Refused(
            _("The Python of the image could not compile the installer."),
            details=failure.details if isinstance(failure, Failed) else [str(failure)],
            hint=_("Specify another image: --runtime IMAGE"),
        ) from failure
    return made


def compile_command(image_id: str, program: str) -> tuple[str, ...]:
    """Returns the command that compiles what it reads from stdin."""
    settings = (word for setting in CALM for word in ("--env", setting))
    return (
        *("docker", "run", "--rm", "--interactive", "--network", "none", "--workdir", "/", *settings),
        *("--entrypoint", f"/{program}", image_id, *OPTIONS, "-c", SCRIPT.read_text("utf-8")),
    )
