"""Copies the Python that a delta leaves out into its release directory, so that this needs no other one."""

from installer.errors import Refused
from installer.operations.package.base_files import copy_base_files, lacks_files
from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.host.base_python import judge_base_python, place_of_base_files
from installer.screen.console import Console
from installer.text import _


def bring_python(situation: Situation, console: Console) -> None:
    """Copies the files of the base, if there are any to copy; nothing that runs is changed.

    Raises `Refused` if they are no longer where the preflight found them, or cannot be written.
    """
    release, manifest = situation.plan.release, situation.manifest
    if not lacks_files(release, manifest):
        return
    place = place_of_base_files(situation)
    if place is None:
        found = judge_base_python(manifest, release, None)
        raise Refused(found.title, details=found.details, hint=found.hint)
    copy_base_files(place, manifest, release)
    console.say(_("Copied the Python of the package from {place}.", place=place))
