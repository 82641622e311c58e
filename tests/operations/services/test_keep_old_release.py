"""Which services of the old release count as stopped before anything was changed."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from installer.operations.plan.import_plan import Previous
from installer.operations.services.keep_old_release import stopped_services
from tests.operations.preflight.containers import a_container

OLD = Previous(Path("/srv/old"), (), None, "2.1.1", ("db", "web", "job"), ("db", "web", "job"), ())


@pytest.mark.parametrize(
    ("states", "stopped"),
    [
        ({"db": "running", "web": "running", "job": "running"}, ()),
        ({"db": "running", "web": "running", "job": "exited"}, ()),  # it has ended well
        ({"db": "running", "web": "restarting", "job": "exited"}, ()),
        ({"db": "exited", "web": "exited", "job": "exited"}, ("db", "web", "job")),  # an engine was restarted
        ({}, ("db", "web", "job")),
        ({"db": "running", "web": "running"}, ("job",)),
    ],
)
def test_services_that_ran_before_and_do_not_run_now(
    states: Mapping[str, str], stopped: tuple[str, ...]
) -> None:
    containers = tuple(a_container(service, state=state) for service, state in states.items())
    assert stopped_services(OLD, containers) == stopped


def test_a_service_that_failed_meanwhile_counts() -> None:
    containers = (a_container("db"), a_container("web", state="exited", exit_code=137), a_container("job"))
    assert stopped_services(OLD, containers) == ("web",)
