"""Which PostgreSQL servers open each other's data directories."""

import pytest

from installer.postgresql.server.series import are_same, series_of, series_of_version


@pytest.mark.parametrize(
    ("image", "series"),
    [
        ("postgres:15", (15,)),
        ("postgres:17.2-alpine3.21", (17,)),
        ("registry.example/library/postgres:9.6.24", (9, 6)),
        ("pgvector/pgvector:pg17", (17,)),
        ("timescale/timescaledb:2.17.2-pg16", (16,)),
        ("postgis/postgis:16-3.4", (16,)),
        ("postgres", ()),
        ("postgres:latest", ()),
    ],
)
def test_a_tag_names_the_major_version(image: str, series: tuple[int, ...]) -> None:
    assert series_of(image) == series


def test_a_server_s_version_text_names_it_too() -> None:
    assert [series_of_version(text) for text in ("15.18 (Debian 15.18-0+deb12u1)", "18beta1", "9.6.24")] == [
        (15,), (18,), (9, 6),
    ]  # fmt: skip


def test_only_the_same_major_version_opens_the_files_and_an_unknown_one_may() -> None:
    assert [are_same((15,), other) for other in ((15,), (17,), ())] == [True, False, True]
