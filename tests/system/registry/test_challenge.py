"""What a registry asks for when it says 401."""

import pytest

from installer.system.registry.challenge import Challenge, find_challenge

BEARER = (
    'Bearer realm="https://auth.site/token?a=b,c",service="registry.site", scope="repository:a:pull,push"'
)


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        (
            [BEARER],
            Challenge(
                "bearer",
                {
                    "realm": "https://auth.site/token?a=b,c",
                    "service": "registry.site",
                    "scope": "repository:a:pull,push",
                },
            ),
        ),
        (['BASIC Realm="a \\"site\\""'], Challenge("basic", {"realm": 'a "site"'})),
        (['Basic realm="site"', "Bearer realm=b"], Challenge("bearer", {"realm": "b"})),
        (["Negotiate"], None),
        ([], None),
    ],
)
def test_the_challenge_that_can_be_met_is_found(headers: list[str], challenge: Challenge | None) -> None:
    assert find_challenge(headers) == challenge
