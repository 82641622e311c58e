"""Translates operating system errors: missing permissions, a full or read-only disk, a stale mount."""

import errno
import os

from installer.errors import Failed
from installer.system.operating_system import IS_WINDOWS
from installer.text import _

RIGHTS = (errno.EACCES, errno.EPERM)
ROOM = (errno.ENOSPC, errno.EDQUOT)
OTHERS = (errno.EROFS, errno.EIO, errno.ENAMETOOLONG, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE)


def translated_host_problem(problem: OSError) -> Failed | None:
    """Returns the error as a `Failed`; None if it more likely comes from a bug in Airlock."""
    if problem.errno in RIGHTS:
        return Failed(_happened(problem), hint=_right_hint())
    if problem.errno in ROOM:
        return Failed(_happened(problem), hint=_("Make room, then run the command again."))
    return Failed(_happened(problem)) if problem.errno in OTHERS else None


def _happened(problem: OSError) -> str:
    reason = problem.strerror or type(problem).__name__
    if problem.filename is None:
        return _("The operating system reported: {problem}.", problem=reason)
    return f"{os.fsdecode(problem.filename)}: {reason}."


def _right_hint() -> str:
    if IS_WINDOWS:
        return _("Close the programs that use that file, or run the command as its owner.")
    if os.geteuid() == 0:
        return _("Even root is not permitted to do this: check its mount options and attributes (lsattr).")
    return _("Run the command with sudo, or as the owner of that file or folder.")
