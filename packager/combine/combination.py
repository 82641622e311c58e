"""Do packages fit together, each delta on the one before it? And which of them brings which layer?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from installer.bundle.manifest.manifest import Manifest
from installer.errors import Refused, UsageProblem
from installer.text import _


@dataclass(frozen=True)
class Ingredient:
    """A package by its head. `name` is its file's, `manifest_sha256` the digest of its manifest.json."""

    name: str
    manifest: Manifest
    manifest_sha256: str

    @property
    def version(self) -> str:
        """Its release's."""
        return self.manifest.application.version


def plan_combination(ingredients: Sequence[Ingredient]) -> tuple[frozenset[str], ...]:
    """Which layers of the last release come out of each package, in the order of the packages.

    Raises `UsageProblem` or `Refused` naming the package that is missing or stands in the wrong place.
    """
    _refuse_two_applications(ingredients)
    problems = list(_order_problems(ingredients))
    if problems:
        raise Refused(
            _("The packages do not build on each other in this order."),
            details=problems,
            hint=_way_out(ingredients),
        )
    return _sources(ingredients)


def _refuse_two_applications(ingredients: Sequence[Ingredient]) -> None:
    names = {one.name: one.manifest.application.name for one in ingredients}
    if len(set(names.values())) > 1:
        raise UsageProblem(
            _("The packages are of different applications."),
            details=[f"{name}: {application}" for name, application in names.items()],
        )


def _order_problems(ingredients: Sequence[Ingredient]) -> Iterator[str]:
    before: Ingredient | None = None
    if len(ingredients) == 1 and ingredients[0].manifest.base is None:
        yield _("{package} is whole already", package=ingredients[0].name)
    for one in ingredients:
        base = one.manifest.base
        if base is None and before is not None:
            yield _("{package} is whole: nothing can stand before it", package=one.name)
        elif base is not None and before is None:
            yield _("{package} builds on {base}, which must come before it", package=one.name,
                    base=base.version or _("a site's inventory"))  # fmt: skip
        elif base is not None and before is not None and base.version not in (None, before.version):
            yield _("{package} builds on {base}, but before it comes {found}",
                    package=one.name, base=base.version, found=before.version)  # fmt: skip
        before = one


def _way_out(ingredients: Sequence[Ingredient]) -> str:
    right = _right_order(ingredients)
    if right and len(right) > 1:
        return _("Name them in this order: airlock combine {packages}", packages=" ".join(right))
    there = {one.version for one in ingredients}
    bases = [one.manifest.base for one in ingredients]
    missing = [base.version for base in bases if base and base.version and base.version not in there]
    if missing:
        return _("Add the package of {version}: the whole one, or a delta that leads to it.",
                 version=missing[0])  # fmt: skip
    return _("Begin with a whole package; each delta follows the release that it builds on.")


def _right_order(ingredients: Sequence[Ingredient]) -> list[str] | None:
    """The names of all packages in an order in which each builds on the one before, if there is one."""
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
        raise _nobody_carries(ingredients, sorted(needed))
    return tuple(reversed(taken))


def _nobody_carries(ingredients: Sequence[Ingredient], missing: Sequence[str]) -> Refused:
    last, base = ingredients[-1], ingredients[-1].manifest.base
    details = [
        _("{package} needs it: {digest}", package=image.reference, digest=layer.diff_id)
        for image in last.manifest.images
        for layer in image.layers
        if layer.diff_id in missing
    ]
    if base is not None and base.manifest_sha256 is not None:
        details = [
            _("{package} builds on the package whose manifest.json has the SHA-256 {digest}",
              package=last.name, digest=base.manifest_sha256),
            *(f"{one.name}: {one.manifest_sha256}" for one in ingredients[:-1]),
            *details,
        ]  # fmt: skip
    return Refused(
        _("No package brings some of the layers: one of them is another build than the one built on."),
        details=details,
        hint=_("Take exactly the package that the delta was made from, or export the whole release."),
    )
