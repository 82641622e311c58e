"""Does `.env` say all that the release needs?"""

from collections.abc import Iterator, Mapping, Sequence

from installer.bundle.layout import ENV_EXAMPLE
from installer.operations.preflight.finding import Finding, failed, ok, warning
from installer.operations.preflight.surroundings import Surroundings
from installer.site.env import read_env
from installer.site.paths import env_path
from installer.system.compose_environment import read_settings
from installer.text import _


def check_settings(around: Surroundings) -> Iterator[Finding]:
    """`.env` against `.env.example`, against what Compose misses, and against the shell."""
    compose = around.situation.compose
    yield from judge_settings(
        set(read_env(env_path(compose.directory))),
        read_settings(compose.directory / ENV_EXAMPLE),
        compose.unset_variables(),
        compose.shadowed_settings(),
    )


def judge_settings(
    names: set[str], example: Mapping[str, str], unset: Sequence[str], shadowed: Sequence[str]
) -> Iterator[Finding]:
    """`names` are those in `.env`. A variable that is used, documented with a value and set nowhere fails."""
    needed = [name for name in unset if example.get(name)]
    problems = [
        *_needed(needed),
        *_empty(unset, needed),
        *_not_mentioned(names, example, unset),
        *_shadowed(shadowed),
    ]
    yield from problems or [ok(_("Settings in .env are complete"))]


def _needed(names: Sequence[str]) -> Iterator[Finding]:
    if names:
        yield failed(
            _("Settings that the release needs are missing in .env."),
            sorted(names),
            hint=_("Add them to .env; .env.example shows how they look."),
        )


def _empty(unset: Sequence[str], needed: Sequence[str]) -> Iterator[Finding]:
    names = sorted(set(unset) - set(needed))
    if names:
        yield warning(
            _("Variables of the compose file have no value and count as empty."),
            names,
            hint=_("If they should have one, set them in .env."),
        )


def _not_mentioned(names: set[str], example: Mapping[str, str], unset: Sequence[str]) -> Iterator[Finding]:
    absent = sorted(set(example) - names - set(unset))
    if absent:
        yield warning(
            _("Settings of .env.example are not in .env; their defaults apply."),
            absent,
            hint=_("Compare the two: diff .env.example .env"),
        )


def _shadowed(names: Sequence[str]) -> Iterator[Finding]:
    if names:
        yield warning(
            _("This shell sets variables otherwise than .env. Airlock goes by .env."),
            names,
            hint=_(
                "A `docker compose` typed here would go by the shell; first type: unset {names}",
                names=" ".join(names),
            ),
        )
