"""Was the package unpacked over the release that runs? Then the files to go back to are gone."""

from collections.abc import Iterator, Mapping, Sequence

from installer.operations.preflight.finding import Finding, failed
from installer.operations.preflight.old_release import hashes_by
from installer.operations.preflight.surroundings import Surroundings
from installer.site.record import read_record
from installer.system.compose import ComposeModel
from installer.system.docker import Container
from installer.text import _


def check_own_directory(around: Surroundings) -> Iterator[Finding]:
    """What runs from the release directory itself; nothing to say where the old release has its own."""
    installation, release = around.situation.installation, around.situation.plan.release
    if installation is None or not installation.is_in(release):
        return
    running = [one for one in installation.containers if one.is_up and not one.is_one_off]
    made_of = hashes_by(around.compose_version, running)
    other = run_otherwise(running, installation.model, installation.compose.config_hashes(), made_of)
    record = read_record(release)
    yield from judge_own_directory(
        record.version if record else None, around.situation.manifest.application.version, other
    )


def judge_own_directory(recorded: str | None, version: str, other: Sequence[str]) -> Iterator[Finding]:
    """`recorded` is the version installed in the directory, None where none was; `other` are services."""
    if recorded is not None and recorded != version:
        yield unpacked_over([_("Installed in it: {version}", version=recorded)])
    elif other:
        yield unpacked_over([_("Services that run otherwise: {services}", services=", ".join(other))])


def run_otherwise(
    running: Sequence[Container],
    model: ComposeModel,
    files_say: Mapping[str, str],
    made_of: Mapping[str, str],
) -> list[str]:
    """Services that run from other images, or with another configuration, than the compose files say now."""
    images = {name: service.image for name, service in model.services.items()}
    others = {c.service for c in running if c.service and c.image != images.get(c.service)}
    return sorted(others | {name for name, digest in made_of.items() if files_say.get(name) != digest})


def unpacked_over(details: Sequence[str]) -> Finding:
    """The finding that a release's own files were overwritten by the package."""
    return failed(
        _("The package was unpacked over the directory of the release that runs."),
        details,
        hint=_("Put the old release's files back, and unpack the package beside them: tar -xzf PACKAGE"),
    )
