import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.manifest.versions import NotAVersion, Version, parse_constraint, parse_version

IN_ORDER = (
    "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11",
    "1.0.0-rc.1", "1.0.0", "1.0.0.1", "1.0.1", "1.2", "1.10", "2.1.2-rc.1", "v2.1.2", "20.10.24+dfsg1",
)  # fmt: skip

versions = st.builds(
    Version,
    st.lists(st.integers(0, 10**9 - 1), min_size=4, max_size=4).map(tuple),
    st.lists(st.from_regex(r"[0-9A-Za-z-]{1,5}", fullmatch=True), max_size=3).map(tuple),
)


def test_versions_have_the_order_of_semver() -> None:
    shuffled = sorted(IN_ORDER)
    assert tuple(sorted(shuffled, key=parse_version)) == IN_ORDER


def test_what_does_not_count_does_not_count() -> None:
    assert parse_version("v2.1") == parse_version("2.1.0+build.7")
    assert str(parse_version("v2.1.2-rc.1")) == "2.1.2-rc.1"


@given(versions)
def test_a_version_reads_as_it_was_written(version: Version) -> None:
    assert parse_version(str(version)) == version


@pytest.mark.parametrize(
    "text", ["", "latest", "2.1.x", "2..1", "2.1.2 ", "1.2.3.4.5", "2.1.2-", "٢.١", "1" * 10]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(NotAVersion) as refused:
        parse_version(text)
    assert str(refused.value) == f"`{text}` is not a version number like 2.1.2"


@pytest.mark.parametrize(
    ("text", "allowed", "kept_out"),
    [
        (">=2.0.0,<3", ("2.0.0", "2.9.9", "v2.1.2"), ("1.9.9", "2.0.0-rc.1", "3.0.0", "3.0.0-rc.1")),
        (">= 2, != 2.1", ("2.0", "2.1.1"), ("2.1.0", "1")),
        ("2.1.2", ("2.1.2",), ("2.1.3", "2.1.2-rc.1")),
        ("==2.1.2", ("2.1.2",), ("2.1.1",)),
        (">2.1.2,<=2.2", ("2.1.3", "2.2"), ("2.1.2", "2.2.1")),
        ("<3.0.0-rc.2", ("3.0.0-rc.1",), ("3.0.0-rc.2", "3.0.0")),
    ],
)
def test_a_range_allows_exactly_its_versions(
    text: str, allowed: tuple[str, ...], kept_out: tuple[str, ...]
) -> None:
    constraint = parse_constraint(text)
    found = {version: constraint.allows(parse_version(version)) for version in (*allowed, *kept_out)}
    assert found == {**dict.fromkeys(allowed, True), **dict.fromkeys(kept_out, False)}


@pytest.mark.parametrize("text", ["", ">=", ">=2,", "~2", "^2.1", ">=2 <3"])
def test_what_is_no_range_is_refused(text: str) -> None:
    with pytest.raises(NotAVersion):
        parse_constraint(text)
