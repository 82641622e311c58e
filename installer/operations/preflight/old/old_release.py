"""Checks whether a rollback would start the old release as it runs now."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from installer.operations.preflight.findings.finding import Finding, ok, warning, warning_if_any
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.site.running.run_otherwise import Defaults, in_words, run_otherwise
from installer.system.docker.docker import Container, Engine, ImageDefaults
from installer.text import _


def check_old_release(around: Surroundings) -> Iterator[Finding]:
    """Compares the old compose files with the containers that are up."""
    installation = around.situation.installation
    if installation is not None:
        up = [one for one in installation.containers if one.is_up and not one.is_one_off]
        if up and installation.renamed_from is None:  # otherwise every path differs
            edited = in_words(run_otherwise(installation, defaults_of(around.engine)))
            yield from judge_old_release(edited, installation.env_path)
        yield from judge_images(ambiguous_images(up))
        yield from judge_anonymous_volumes(anonymous_volumes(up, around.situation.plan.database_services))


def defaults_of(engine: Engine) -> Defaults:
    """Returns the function that `run_otherwise` asks for an image's defaults, for keys that compose omits."""

    def ask(image_id: str) -> ImageDefaults | None:
        image = engine.image(image_id)
        return None if image is None else image.defaults

    return ask


def judge_old_release(edited: Sequence[str], env: Path) -> Iterator[Finding]:
    """Judges services whose files differ from how they run, listed in `edited`; `env` is one of the files."""
    if edited:
        yield warning(
            _(
                "The old release's compose file or {path} was edited after these services had been started.",
                path=env,
            ),
            edited,
            hint=_("A rollback would start them as the files say now. Compare: docker compose config"),
        )
    else:
        yield ok(_("The old release runs as its files say"))


def ambiguous_images(containers: Sequence[Container]) -> list[str]:
    """Returns references that mean different images in different containers."""
    meanings = {(one.image, one.image_id) for one in containers}
    references = [reference for reference, _image_id in meanings]
    return sorted({reference for reference in references if references.count(reference) > 1})


def judge_images(references: Sequence[str]) -> Iterator[Finding]:
    """Warns of such references: a rollback can give a name to one image only."""
    return warning_if_any(
        _("The old release runs different images under the same name."),
        references,
        hint=_("A rollback would start only one of them. To use one image, run: docker compose up -d"),
    )


def anonymous_volumes(containers: Sequence[Container], databases: Collection[str]) -> list[str]:
    """Returns where services other than the databases keep files that no new container will find."""
    return sorted(
        f"{one.service}: {mount.target}"
        for one in containers
        for mount in one.mounts
        if one.service not in databases and mount.is_anonymous
    )


def judge_anonymous_volumes(places: Sequence[str]) -> Iterator[Finding]:
    """Warns of anonymous volumes: they stay on the disk, but no container can find them again."""
    return warning_if_any(
        _(
            "Services keep files in anonymous volumes, which start empty in the new "
            "release, and again after a rollback."
        ),
        places,
        hint=_("If they matter, copy them out first: docker compose cp SERVICE:PLACE FOLDER"),
    )
