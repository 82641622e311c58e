import pytest

from installer.operations.preflight.findings.finding import failed, ok, warning
from installer.operations.preflight.old.upgrade import judge_upgrade


@pytest.mark.parametrize("installed", ["2.1.1", "v2.1.1", "2.1.2-rc.1", "2.1.2"])
def test_an_upgrade_that_the_package_allows_passes(installed) -> None:
    assert judge_upgrade(installed, "2.1.2", ">=2.0.0,<3") == ok(f"Upgrade from {installed} to 2.1.2")


def test_a_downgrade_fails_and_names_the_way_back() -> None:
    assert judge_upgrade("2.1.3", "2.1.2", None) == failed(
        "This would be a downgrade from 2.1.3 to 2.1.2.",
        hint="To roll back to the old release, run in the running release's directory: ./airlock rollback",
    )


def test_a_version_that_the_package_does_not_follow_fails_with_the_range() -> None:
    assert judge_upgrade("1.9.0", "2.1.2", ">=2.0.0") == failed(
        "2.1.2 does not follow 1.9.0.",
        ["It can be installed over: >=2.0.0"],
        hint="Import a version between the two first.",
    )


@pytest.mark.parametrize(("installed", "details"), [(None, []), ("main-4f1c", ["main-4f1c"])])
def test_an_unknown_version_is_a_warning_where_the_package_asks_for_one(installed, details) -> None:
    assert judge_upgrade(installed, "2.1.2", ">=2.0.0") == warning(
        "The installed version is unknown.",
        ["The package can be installed over: >=2.0.0", *details],
        hint="Make sure that the running release is one of these.",
    )


def test_an_unknown_version_is_fine_where_the_package_does_not_ask() -> None:
    assert judge_upgrade(None, "2.1.2", None).level == "ok"
