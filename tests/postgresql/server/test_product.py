"""What speaks PostgreSQL's protocol is not always PostgreSQL, or too old."""

import pytest

from installer.postgresql.server.product import product_of_version


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("PostgreSQL 17.2 (Debian 17.2-1.pgdg120+1) on x86_64-pc-linux-gnu, compiled by gcc", "PostgreSQL"),
        ("CockroachDB CCL v24.1.2 (x86_64-pc-linux-gnu, built 2026/06/24, go1.22.3)", "CockroachDB"),
        ("PostgreSQL 11.2-YB-2.20.1.0-b0 on x86_64-pc-linux-gnu, compiled by clang", "YugabyteDB"),
        ("PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC, Redshift 1.0.69065", "Amazon Redshift"),
        ("PostgreSQL 12.12 (Greenplum Database 7.0.0 build commit:0a7a3566) on x86_64", "Greenplum"),
        ("QuestDB", "QuestDB"),
    ],
)
def test_the_server_s_own_words_tell_its_product(text: str, product: str) -> None:
    assert product_of_version(text) == product
