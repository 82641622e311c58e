"""Pushes the images of a package to a registry: first all blobs, then the names of the images."""

from collections.abc import Iterator, Mapping

from installer.bundle.images.docker_archive import config_problems, digest, oci_manifest
from installer.bundle.images.passing_blobs import PassingBlob
from installer.errors import AirlockError, BadPackage, Failed, Stuck
from installer.operations.images.supply_blobs import BlobSupply, sizes_of
from installer.operations.push.push_plan import Open, PushPlan
from installer.operations.push.pushed_names import PushedName
from installer.text import _, ngettext

MOST_SHOWN = 10


def push_images(supply: BlobSupply, plan: PushPlan, repository: Open) -> dict[PushedName, str]:
    """Pushes what the registry lacks; returns the digest of each image, by which it can be pulled.

    What an earlier attempt has pushed is not sent again. Raises `Failed` or `Refused` while no name has
    changed, `Stuck` if some names do not belong to the new images yet, `BadPackage` for a damaged package.
    """
    configs = {**plan.configs, **_push_blobs(supply, plan, repository)}
    names = [one.name for one in plan.images]
    problems = [line for one in names for line in config_problems(one.image, configs[one.image.id])]
    if problems:
        raise BadPackage(_("The images do not match their descriptions."), details=problems)
    _expect_blobs(plan, configs, repository)
    manifests = {one: oci_manifest(one.image, configs[one.image.id]) for one in names}
    _push_names(plan, manifests, repository)
    return {one: digest(manifest) for one, manifest in manifests.items()}


def _push_blobs(supply: BlobSupply, plan: PushPlan, repository: Open) -> dict[str, bytes]:
    """Uploads blobs that no repository has, and shares the others. Returns the configs among them."""
    sizes = _sizes(plan)
    configs: dict[str, bytes] = {}

    def take(blob: PassingBlob) -> None:
        first, *others = plan.lacking[blob.digest]
        chunks = blob.chunks
        if sizes[blob.digest] is None:
            configs[blob.digest] = b"".join(blob.chunks)
            chunks = iter((configs[blob.digest],))
        repository(first).upload(blob.digest, blob.size_bytes, chunks)
        for place in others:
            repository(place).mount(blob.digest, blob.size_bytes, repository(first))

    for blob in plan.lacking.keys() - plan.to_upload:
        size_bytes = sizes[blob] or len(plan.configs[blob])
        for place in plan.lacking[blob]:
            repository(place).mount(blob, size_bytes, repository(plan.having[blob][0]))
    supply.give({blob: sizes[blob] for blob in plan.to_upload}, _("Pushing images"), take)
    return configs


def _sizes(plan: PushPlan) -> dict[str, int | None]:
    return sizes_of(one.name.image for one in plan.images)


def _expect_blobs(plan: PushPlan, configs: Mapping[str, bytes], repository: Open) -> None:
    """Raises `Failed` unless every repository returns all blobs of its images."""
    lost = [
        f"{place}@{blob}"
        for place, blob, size_bytes in _all_places(plan, configs)
        if not repository(place).has_blob(blob, size_bytes)
    ]
    if lost:
        raise Failed(
            ngettext(
                "The registry lost {count} blob that it had accepted; no image was named.",
                "The registry lost {count} blobs that it had accepted; no image was named.",
                len(lost),
            ),
            details=lost[:MOST_SHOWN],
            hint=_("Check the registry's log and disk, then run the command again: it continues."),
        )


def _all_places(plan: PushPlan, configs: Mapping[str, bytes]) -> Iterator[tuple[str, str, int]]:
    sizes = _sizes(plan)
    for having in (plan.lacking, plan.having):
        for blob, places in having.items():
            size_bytes = sizes[blob]
            yield from (
                (place, blob, len(configs[blob]) if size_bytes is None else size_bytes) for place in places
            )


def _push_names(plan: PushPlan, manifests: Mapping[PushedName, bytes], repository: Open) -> None:
    pushed: list[str] = []
    for name in (image.name for image in plan.images if image.state != "there"):
        try:
            repository(name.repository).put_manifest(name.tag, manifests[name])
        except AirlockError as problem:
            if not pushed:
                raise
            raise Stuck(
                problem.happened,
                details=[*problem.details, _("Pushed so far: {names}", names=", ".join(pushed))],
                hint=problem.hint or _("Run the command again: it continues with what is missing."),
            ) from problem
        pushed.append(f"{name.repository}:{name.tag}")
