"""Lists what this site has, so that a package can be made of only what it lacks."""

import hashlib
from datetime import datetime
from pathlib import Path

from installer.bundle.layout import MANIFEST
from installer.bundle.manifest.inventory import Installed, Inventory
from installer.bundle.manifest.manifest_file import parse_manifest
from installer.operations.images.held_chains import held_chains
from installer.site.release_record import read_record
from installer.system.docker.docker import Engine


def take_inventory(engine: Engine, release: Path, now: datetime) -> Inventory:
    """Lists what the engine holds, and `release` if it is in operation. Changes nothing."""
    version = engine.version()
    return Inventory(
        written_at=f"{now:%Y-%m-%dT%H:%M:%SZ}",
        platform=version.platform,
        engine=version.version,
        store="classic" if version.classic_store else "containerd",
        installed=_installed(release),
        chains=tuple(sorted(held_chains(engine))),
    )


def _installed(release: Path) -> Installed | None:
    """Describes the release by its own manifest; only a record says that it was imported."""
    if read_record(release) is None:
        return None
    raw = (release / MANIFEST).read_bytes()
    application = parse_manifest(raw).application
    return Installed(application.name, application.version, hashlib.sha256(raw).hexdigest())
