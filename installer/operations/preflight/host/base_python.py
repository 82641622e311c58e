"""Checks that the Python that a delta leaves out is on this host."""

from collections.abc import Iterator
from pathlib import Path

from installer.bundle.layout import package_stem
from installer.bundle.manifest.manifest import Manifest
from installer.operations.package.base_files import find_base_files, lacks_files
from installer.operations.plan.import_plan import Situation
from installer.operations.preflight.findings.finding import Finding, failed, ok
from installer.operations.preflight.findings.surroundings import Surroundings
from installer.text import _


def check_base_python(around: Surroundings) -> Iterator[Finding]:
    """Checks that the files that the package leaves out can be copied from its base."""
    situation = around.situation
    release, manifest = situation.plan.release, situation.manifest
    if lacks_files(release, manifest):
        yield judge_base_python(manifest, release, place_of_base_files(situation))


def place_of_base_files(situation: Situation) -> Path | None:
    """Returns where the files are that the package leaves out: in the old release, or beside the new one."""
    installed = situation.installation
    likely = (installed.directory,) if installed else ()
    return find_base_files(situation.manifest, situation.plan.release, likely)


def judge_base_python(manifest: Manifest, release: Path, place: Path | None) -> Finding:
    """Judges whether the files are on this host; if not, says which package has them."""
    if place is not None:
        return ok(_("The Python that the package leaves out is in {place}", place=place))
    base = manifest.base
    assert base is not None and base.version is not None
    stem = package_stem(base.application, base.version)
    return failed(
        _("The package leaves out its Python, which is that of {version} and is missing here.",
          version=base.version),
        [
            _("needed: {package}, whose manifest.json has the SHA-256 {digest}",
              package=stem, digest=base.manifest_sha256),
            _("searched: the directory of the old release, and all directories in {folder}",
              folder=release.resolve().parent),
        ],
        hint=_("Copy {package} to {folder}, or ask the vendor for the whole package of {version}.",
               package=f"{stem}.tar.gz", folder=release.resolve().parent,
               version=manifest.application.version),
    )  # fmt: skip
