"""Checks that packages build on each other in order, and decides which package each layer is taken from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from installer.bundle.manifest.manifest import Manifest
from installer.errors import Refused, UsageProblem
from installer.text import _


@dataclass(frozen=True)
class Ingredient:
    """A package and its manifest. `name` is its file's, `manifest_sha256` the digest of manifest.json."""

    name: str
    manifest: Manifest
    manifest_sha256: str

    @property
    def version(self) -> str:
        """Returns the version of its release."""
        return self.manifest.application.version


def plan_combination(ingredients: Sequence[Ingredient]) -> tuple[frozenset[str], ...]:
    """Returns the layers of the last release that each package contributes, in the order of the packages.

    Raises `UsageProblem` or `Refused`, naming the package that is missing or in the wrong place.
    """
    _refuse_two_applications(ingredients)
    problems = list(_order_problems(ingredients))
    if problems:
        raise Refused(
            _("The packages do not build on each other in this order."),
            details=problems,
            hint=_hint(ingredients),
        )
    return _sources(ingredients)


def plan_files(ingredients: Sequence[Ingredient]) -> tuple[frozenset[str], ...]:
    """Returns the paths of left out files that each package but the last contributes, in their order.

    Raises `Refused` if one of them is in none of the packages.
    """
    needed = {*ingredients[-1].manifest.left_out_files}
    taken = []
    for one in reversed(ingredients[:-1]):
        found = needed.intersection(one.manifest.carried_files)
        taken.append(frozenset(file.path for file in found))
        needed -= found
    if needed:
        paths = sorted(file.path for file in needed)
        raise _missing(
            ingredients,
            [_("{package} needs {path}", package=ingredients[-1].name, path=path) for path in paths],
        )
    return tuple(reversed(taken))


def _refuse_two_applications(ingredients: Sequence[Ingredient]) -> None:
    names = {one.name: one.manifest.application.name for one in ingredients}
    if len(set(names.values())) > 1:
        raise UsageProblem(
            _("The packages belong to different applications."),
            details=[f"{name}: {application}" for name, application in names.items()],
        )


def _order_problems(ingredients: Sequence[Ingredient]) -> Iterator[str]:
    before: Ingredient | None = None
    if len(ingredients) == 1 and ingredients[0].manifest.base is None:
        yield _("{package} is already a whole package", package=ingredients[0].name)
    for one in ingredients:
        base = one.manifest.base
        if base is None and before is not None:
            yield _("{package} is a whole package: no package can come before it", package=one.name)
        elif base is not None and before is None:
            yield _("{package} builds on {base}, which must come before it", package=one.name,
                    base=base.version or _("a site's inventory"))  # fmt: skip
        elif base is not None and before is not None and base.version not in (None, before.version):
            yield _("{package} builds on {base}, but the package before it is {found}",
                    package=one.name, base=base.version, found=before.version)  # fmt: skip
        before = one


def _hint(ingredients: Sequence[Ingredient]) -> str:
    right = _right_order(ingredients)
    if right and len(right) > 1:
        return _("Specify them in this order: airlock combine {packages}", packages=" ".join(right))
    versions = {one.version for one in ingredients}
    bases = [one.manifest.base for one in ingredients]
    missing = [base.version for base in bases if base and base.version and base.version not in versions]
    if missing:
        return _("Add the package of {version}: the whole package, or a delta that builds it.",
                 version=missing[0])  # fmt: skip
    return _("Start with a whole package, and put each delta after the release that it builds on.")


def _right_order(ingredients: Sequence[Ingredient]) -> list[str] | None:
    """Returns the names of all packages, each building on the one before; None if there is no such order."""
    left = list(ingredients)
    order = [one for one in left if one.manifest.base is None][:1]
    while order:
        left.remove(order[-1])
        follows = [one for one in left if _builds_on(one, order[-1].version)]
        if not follows:
            break
        order.append(follows[0])
    return None if left or not order else [one.name for one in order]


def _builds_on(one: Ingredient, version: str) -> bool:
    return one.manifest.base is not None and one.manifest.base.version == version


def _sources(ingredients: Sequence[Ingredient]) -> tuple[frozenset[str], ...]:
    last = ingredients[-1]
    needed = {diff_id for image in last.manifest.images for diff_id in image.diff_ids}
    taken = []
    for one in reversed(ingredients):
        taken.append(frozenset(needed & one.manifest.carried))
        needed -= one.manifest.carried
    if needed:
        raise _missing_layers(ingredients, sorted(needed))
    return tuple(reversed(taken))


def _missing_layers(ingredients: Sequence[Ingredient], missing: Sequence[str]) -> Refused:
    details = [
        _("{package} needs layer {digest}", package=image.reference, digest=layer.diff_id)
        for image in ingredients[-1].manifest.images
        for layer in image.layers
        if layer.diff_id in missing
    ]
    return _missing(ingredients, details)


def _missing(ingredients: Sequence[Ingredient], details: Sequence[str]) -> Refused:
    last, base = ingredients[-1], ingredients[-1].manifest.base
    if base is not None and base.manifest_sha256 is not None:
        details = [
            _("{package} builds on the package whose manifest.json has the SHA-256 {digest}",
              package=last.name, digest=base.manifest_sha256),
            *(f"{one.name}: {one.manifest_sha256}" for one in ingredients[:-1]),
            *details,
        ]  # fmt: skip
    return Refused(
        _("Layers or files are in none of the packages: one is a different build than the delta's base."),
        details=details,
        hint=_("Use exactly the package that the delta was made from, or export the whole release."),
    )
