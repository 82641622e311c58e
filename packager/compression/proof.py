"""What is said when a block does not unpack to what was packed."""

from installer.errors import AirlockError
from installer.text import _


def unfaithful() -> AirlockError:
    """A compressor or this machine's memory has failed; nothing of the package is kept."""
    return AirlockError(
        _("A block does not unpack to what was packed."),
        hint=_("Run the export again; if it happens again, test this machine's memory."),
    )
