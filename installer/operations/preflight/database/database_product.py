"""Checks that the release brings the same database product as the running server."""

from collections.abc import Iterator

from installer.bundle.images.image_references import split_reference
from installer.database.values.facts import DatabaseFacts
from installer.database.values.old_database import OldDatabase
from installer.errors import Refused
from installer.operations.plan.find_old_database import locate_old
from installer.operations.preflight.findings.finding import Finding, failed
from installer.system.docker.data_stores import is_of_bitnami, program_of_image
from installer.text import _


def running_facts(database: OldDatabase) -> DatabaseFacts | None:
    """Returns what the running server says of itself; None where it cannot be asked."""
    try:
        return locate_old(database).facts() if database.container.is_running else None
    except Refused:
        return None


def judge_product(old: str, running: str | None, new: str) -> Iterator[Finding]:
    """Fails for a release with a server of another product than the `running` one, or than the image `old`.

    It also fails for a change between Bitnami's images and others, which keep the files in other places.

    An image whose name is not that of its product, or of the same repository as before, is not judged.
    """
    if program_of_image(old) and program_of_image(new) and is_of_bitnami(old) != is_of_bitnami(new):
        yield _other_layout(old, new)
        return
    before, after = running or program_of_image(old), program_of_image(new)
    same_repository = split_reference(old).repository == split_reference(new).repository
    if None in (before, after) or before == after or same_repository:
        return
    yield failed(
        _(
            "The release brings {after} instead of {before}, and {after} cannot read the data of {before}.",
            before=before,
            after=after,
        ),
        [
            _("Now: {old}; in the release: {new}", old=old, new=new),
            *([_("The running server says that it is {product}.", product=running)] if running else []),
        ],
        hint=_("Ask the vendor for a package with {product}.", product=before),
    )


def _other_layout(old: str, new: str) -> Finding:
    return failed(
        _(
            "The release changes between an image of Bitnami and another one, "
            "which store data in other places."
        ),
        [_("Now: {old}; in the release: {new}", old=old, new=new)],
        hint=_("Ask the vendor for a package with an image of the same kind."),
    )
