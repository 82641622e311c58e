"""Chooses which adaptations of a site are taken over, as the person requested."""

from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Literal

from installer.bundle.layout import SITE_OWNED, is_inside, path_problem
from installer.bundle.manifest.manifest import Manifest
from installer.errors import Refused
from installer.operations.adaptations.find_adaptations import Adaptations, is_adaptable
from installer.site.running.installation import Installation
from installer.text import _

OverrideChoice = Literal["keep", "drop"]


@dataclass(frozen=True)
class KeepRequest:
    """Describes the request: `keep` are paths in the old directory; overrides not named are left out."""

    keep: tuple[str, ...] = ()
    override: OverrideChoice | None = None


@dataclass(frozen=True)
class Chosen:
    """Lists what is taken over.

    `kept` are relative paths, `overrides` names as in `Override`, `override_paths` their current paths.
    """

    kept: tuple[str, ...] = ()
    overrides: tuple[str, ...] = ()
    override_paths: tuple[str, ...] = ()


NOTHING = Chosen()
NO_REQUEST = KeepRequest()


def choose(
    request: KeepRequest, found: Adaptations, installation: Installation | None, manifest: Manifest
) -> Chosen:
    """Chooses the adaptations. Raises `Refused` with every path that cannot be kept, and why."""
    kept = tuple(dict.fromkeys(_relative(path, installation) for path in request.keep))
    problems = [f"{path}: {problem}" for path in kept if (problem := _problem(path, installation, manifest))]
    if problems:
        raise Refused(
            _("Some files cannot be kept; nothing was changed."),
            details=problems,
            hint=_("The plan names what this site changed: ./import-package.sh --dry-run"),
        )
    taken = [one for one in found.overrides if one.is_used and request.override == "keep"]
    return Chosen(kept, tuple(one.name for one in taken), tuple(str(one.path) for one in taken))


def _relative(written: str, installation: Installation | None) -> str:
    path = PurePath(written)
    if installation is not None and path.is_relative_to(installation.directory):
        path = path.relative_to(installation.directory)
    return path.as_posix()


def _problem(path: str, installation: Installation | None, manifest: Manifest) -> str | None:
    if installation is None:
        return _("there is no installation to copy it from")
    problem = path_problem(path)
    if problem:
        return problem
    if path in manifest.compose_files:
        return _("is a compose file; put your changes into docker-compose.override.yml")
    if not is_adaptable(path, manifest) or is_inside(path, (*SITE_OWNED, *manifest.state)):
        return _("is not a file that a site may change")
    if not Path(installation.directory / path).is_file():
        return _("there is no such file in {directory}", directory=installation.directory)
    return None
