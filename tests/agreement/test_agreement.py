"""No server does to the rows what the lint did not tell, and the rehearsal's numbers are the real ones."""

from contextlib import ExitStack

import pytest

from tests.agreement.document import DOCUMENT, agreement, put_section
from tests.agreement.grammar import sample, statements
from tests.agreement.known import UNTOLD
from tests.agreement.measure import SERIES, measure
from tests.testbed.mariadb import MariaDB, server_of

pytestmark = [pytest.mark.engine, pytest.mark.database]


def test_what_a_server_does_to_rows_was_told_before(mariadb: MariaDB) -> None:
    run = measure(sample(), {"10.11": mariadb})
    assert [miss for miss in run.misses if miss.sql not in UNTOLD] == []


@pytest.mark.long
def test_what_servers_of_all_series_do_to_rows_was_told_before(pytestconfig: pytest.Config) -> None:
    with ExitStack() as stack:
        run = measure(statements(), {series: stack.enter_context(server_of(series)) for series in SERIES})
    if pytestconfig.getoption("--record-agreement"):
        put_section(DOCUMENT, "agreement", agreement(run, UNTOLD))
    assert [miss for miss in run.misses if miss.sql not in UNTOLD] == []
    assert set(UNTOLD) <= {miss.sql for miss in run.misses}
