from installer.operations.preflight.findings.finding import failed, warning
from installer.operations.preflight.old.override import judge_override


def test_images_that_an_override_wants_and_nobody_has_stand_against_it() -> None:
    assert list(judge_override([("mail", "mailhog:1"), ("odd", "")], [("web", "nginx:1")])) == [
        failed(
            "With this site's override, services need images that are missing here.",
            ["mail: mailhog:1", "odd: ?"],
            hint="Load them, correct the override, or leave it out: --override drop",
        ),
        warning(
            "With this site's override, services run images that the release does not bring.",
            ["web: nginx:1"],
            hint="If this is not intended, remove `image:` from the override.",
        ),
    ]


def test_an_override_with_the_releases_images_is_nothing_to_tell() -> None:
    assert list(judge_override([], [])) == []
