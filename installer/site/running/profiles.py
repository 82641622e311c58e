"""Finds services of inactive profiles: they do not start by default, but they have data and jobs."""

from installer.errors import AirlockError
from installer.system.compose.compose import Compose, ComposeModel, Service


def dormant_services(model: ComposeModel, everything: ComposeModel) -> dict[str, Service]:
    """Returns the services of inactive profiles: those that only `everything` (`with_dormant`) has."""
    return {name: one for name, one in everything.services.items() if name not in model.services}


def with_dormant(model: ComposeModel, release: Compose) -> ComposeModel:
    """Returns `model`, the model of `release`, with the services of all profiles and what they use.

    Returns `model` unchanged if one of these services lacks a file, such as its `env_file`: this is no reason
    to refuse the others.
    """
    try:
        return release.with_profiles()
    except AirlockError:
        return model
