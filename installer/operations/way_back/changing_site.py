"""Holds a site's lock for a command that changes something, and refuses it while a run is unfinished."""

from collections.abc import Iterator
from contextlib import contextmanager

from installer.operations.preflight.files.leftovers import application_of
from installer.operations.release_directory import Site
from installer.operations.way_back.unfinished_runs import refuse_unfinished_neighbours, refuse_unfinished_run


@contextmanager
def changing(site: Site, activity: str) -> Iterator[None]:
    """Holds the lock and logs. Raises `AnotherRunActive`; `Refused` if an import or restore is unfinished."""
    with site.locked(activity):
        application = application_of(site.release)
        if application is None:
            refuse_unfinished_run(site.release)
        else:
            refuse_unfinished_neighbours(site.release, application)
        yield
