"""Removes what killed runs left in the engine."""

from installer.system.docker.docker import Engine, site_name


def sweep_rehearsals(engine: Engine, project: str) -> None:
    """Removes what a killed rehearsal of this site left; only under the site's lock."""
    engine.scratch(site_name(engine, project)).sweep()
