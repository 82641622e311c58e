"""Reports a block that does not decompress to its content."""

from installer.errors import Failed
from installer.text import _


def unfaithful() -> Failed:
    """Returns the error for a failure of a compressor or of this machine's memory; no package is kept."""
    return Failed(
        _("A compressed block does not decompress to its original content."),
        hint=_("Run the export again; if it happens again, test this machine's memory."),
    )
