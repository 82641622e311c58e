"""What is said when a block does not unpack to what was packed."""

from installer.errors import Failed
from installer.text import _


def unfaithful() -> Failed:
    """A compressor or this machine's memory has failed; nothing of the package is kept."""
    return Failed(
        _("A block does not unpack to what was packed."),
        hint=_("Run the export again; if it happens again, test this machine's memory."),
    )
