"""Services of profiles that are not active: nothing starts them by itself, but they have data and jobs."""

from installer.errors import AirlockError
from installer.system.compose.compose import Compose, ComposeModel, Service


def dormant_services(model: ComposeModel, everything: ComposeModel) -> dict[str, Service]:
    """The services that only `everything` (`with_dormant`) has: those of inactive profiles."""
    return {name: one for name, one in everything.services.items() if name not in model.services}


def with_dormant(model: ComposeModel, release: Compose) -> ComposeModel:
    """`model`, which is that of `release`, with the services of all profiles and what they use.

    It is left as it is where one of those lacks a file, such as its `env_file`: no reason to refuse the rest.
    """
    try:
        return release.with_profiles()
    except AirlockError:
        return model
