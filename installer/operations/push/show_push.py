"""Shows what a push does and did, as lines for people and as a document for programs."""

from collections.abc import Iterator, Mapping

from installer.operations.images.supply_blobs import sizes_of
from installer.operations.push.push_plan import PushPlan, State
from installer.operations.push.pushed_names import PushedName
from installer.screen.console import size
from installer.text import _, ngettext


def push_plan_lines(plan: PushPlan, host: str) -> Iterator[str]:
    """Yields the names that the images get, and how much is sent."""
    yield _("Images in the registry {host}:", host=host)
    for one in plan.images:
        yield f"  {pushed_as(one.name, host)}  ({_state_words(one.state)})"
    yield ngettext(
        "To upload: {count} blob, {size}; the registry has {present} already.",
        "To upload: {count} blobs, {size}; the registry has {present} already.",
        len(plan.to_upload),
        size=size(upload_bytes(plan)),
        present=len(plan.having),
    )


def pushed_as(name: PushedName, host: str) -> str:
    """Returns the reference by which an engine pulls the image."""
    return f"{host}/{name.repository}:{name.tag}"


def push_document(plan: PushPlan, host: str, digests: Mapping[PushedName, str]) -> dict[str, object]:
    """Returns the same for programs; without `digests`, nothing was pushed."""
    return {
        "registry": host,
        "images": [
            {
                "reference": one.name.image.reference,
                "pushed_as": pushed_as(one.name, host),
                "digest": digests.get(one.name),
                "before": one.state,
            }
            for one in plan.images
        ],
        "upload_blobs": len(plan.to_upload),
        "upload_size_bytes": upload_bytes(plan),
    }


def upload_bytes(plan: PushPlan) -> int:
    """Returns the size of the layers to upload; configs are small, and of unknown size."""
    sizes = sizes_of(one.name.image for one in plan.images)
    return sum(sizes[blob] or 0 for blob in plan.to_upload)


def _state_words(state: State) -> str:
    words = {"new": _("new"), "there": _("already there"), "other": _("replaces another image")}
    return words[state]
