import pytest

from installer.bundle.manifest.manifest import Requirements
from installer.operations.preflight.findings.finding import failed, ok
from installer.operations.preflight.host.required_versions import judge_platform, judge_version

REQUIRED = Requirements(engine="20.10", compose="2.26.1")
UPDATE = "Update Docker on this machine."


@pytest.mark.parametrize("version", ["20.10.24+dfsg1", "20.10", "26.1.5+dfsg1", "28.0.0-rc.1"])
def test_an_engine_that_is_new_enough_passes_whatever_the_distribution_calls_it(version) -> None:
    assert judge_version("Docker", version, REQUIRED.engine, UPDATE) == ok(f"Docker {version}")


def test_an_engine_that_is_too_old_fails() -> None:
    assert judge_version("Docker", "19.03.15", REQUIRED.engine, UPDATE) == failed(
        "Docker 19.03.15 is too old for this package.",
        ["The package requires 20.10 or newer."],
        hint=UPDATE,
    )


@pytest.mark.parametrize("version", ["2.26.1-4", "2.26.1", "2.40.3-desktop.1"])
def test_the_suffix_of_a_distribution_does_not_make_compose_older(version) -> None:
    assert judge_version("Docker Compose", version, REQUIRED.compose, UPDATE) == ok(
        f"Docker Compose {version}"
    )


def test_a_compose_that_is_too_old_fails() -> None:
    assert (
        judge_version("Docker Compose", "2.3.3", REQUIRED.compose, UPDATE).title
        == "Docker Compose 2.3.3 is too old for this package."
    )


@pytest.mark.parametrize(
    ("engine", "package"), [("linux/amd64", "linux/amd64"), ("linux/arm", "linux/arm/v7")]
)
def test_a_package_for_this_machine_passes(engine, package) -> None:
    assert judge_platform(engine, package) == ok(f"Architecture {package}")


def test_a_package_for_another_machine_fails() -> None:
    assert judge_platform("linux/arm64", "linux/amd64") == failed(
        "The package is for another architecture.",
        ["The package: linux/amd64; this machine: linux/arm64"],
        hint="Ask the vendor for a package that was exported with: --platform linux/arm64",
    )
