"""Deletes the copy of the package's Python that the launcher makes where the original may not run."""

import atexit
import os

VARIABLE = "AIRLOCK_PYTHON_COPY"


def delete_copy_at_end() -> None:
    """Deletes the copy that this process runs from when it ends; a later start deletes what was left."""
    copy = os.environ.pop(VARIABLE, "")
    if os.path.basename(copy) == f"airlock-python-{os.getpid()}":  # noqa: PTH119, pathlib would come too early
        import shutil

        atexit.register(shutil.rmtree, copy, ignore_errors=True)
