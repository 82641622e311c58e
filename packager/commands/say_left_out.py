"""Says what a delta that was written leaves out."""

from pathlib import Path

from installer.screen.console import Console, size
from installer.text import _, ngettext
from packager.deltas.left_out_totals import LeftOut, read_left_out


def say_left_out(package: Path, console: Console) -> LeftOut:
    """Says and returns what a delta leaves out; `package` is its file or its first part."""
    found = read_left_out(package)
    console.say(
        ngettext(
            "Left out: {count} layer, {size}", "Left out: {count} layers, {size}",
            found.layers, size=size(found.size_bytes),
        )
    )  # fmt: skip
    if found.python_size_bytes:
        console.say(_("Left out: the package's Python, {size}", size=size(found.python_size_bytes)))
    if not found.layers:
        console.warn(
            _("The base has none of the layers of these images: the package is as large as a whole package.")
        )
    return found
