import json
from datetime import datetime, timezone
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from installer.operations.plan.import_plan import (
    CarriedState,
    ImportPlan,
    PlannedDatabase,
    Previous,
    Snapshot,
)
from installer.operations.plan.import_plan_file import dump_plan, parse_plan
from installer.operations.plan.planned_conversion import Conversion
from installer.operations.plan.planned_outage import Outage
from installer.site.directory_mark import DirectoryMark
from tests.operations.decisions.test_shared_data import situation

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0/"), min_size=1, max_size=20)
paths = st.builds(
    lambda parts: Path("/", *parts), st.lists(names.filter(lambda n: n not in (".", "..")), max_size=3)
)
previous = st.builds(
    Previous,
    directory=paths,
    files=st.lists(names, max_size=2).map(tuple),
    env_file=st.none() | paths,
    version=st.none() | names,
    running_services=st.lists(names, max_size=3).map(tuple),
    healthy_services=st.lists(names, max_size=3).map(tuple),
    images=st.lists(st.tuples(names, names), max_size=3).map(tuple),
    version_source=st.sampled_from(["release", "images", "answer"]),
    mark=st.none() | st.builds(DirectoryMark, st.integers(1), st.lists(st.tuples(names, names)).map(tuple)),
    trouble=st.lists(st.tuples(names, names), max_size=2).map(tuple),
    ended_services=st.lists(names, max_size=2).map(tuple),
    smoke_problem=st.none() | st.just("") | names,
)
services = st.lists(names, max_size=2).map(tuple)
snapshots = st.none() | st.builds(Snapshot, paths, paths, st.none() | names)
conversions = st.none() | st.builds(
    Conversion, names, names, names, st.none() | names, st.none() | paths, names, st.integers(1, 999)
)
seconds = st.none() | st.floats(0, 1e6)
plans = st.builds(
    ImportPlan,
    started_at=st.datetimes(
        min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(timezone.utc)
    ),
    release=paths,
    version=names,
    project=names,
    previous=st.none() | previous,
    settings=st.lists(names, max_size=2).map(tuple),
    state_mode=st.sampled_from(["copy", "move"]),
    state=st.lists(st.builds(CarriedState, paths, paths, services, st.booleans()), max_size=3).map(tuple),
    created_paths=st.lists(paths, max_size=2).map(tuple),
    created_volumes=st.lists(names, max_size=2).map(tuple),
    emptied_paths=st.lists(paths, max_size=2).map(tuple),
    references_before=st.lists(st.tuples(names, names), max_size=2).map(tuple),
    databases=st.lists(
        st.builds(PlannedDatabase, names, snapshots, services, conversions, st.none() | paths), max_size=2
    ).map(tuple),
    outage=st.none() | st.builds(Outage, seconds, seconds, seconds, seconds, seconds, seconds),
    rehearsal=st.just("") | names,
)


@given(plans)
def test_a_plan_read_after_a_crash_is_the_plan_that_was_written(plan: ImportPlan) -> None:
    assert parse_plan(dump_plan(plan)) == plan


def test_a_plan_without_what_newer_ones_name_is_still_read(tmp_path: Path) -> None:
    plan = situation(tmp_path, "copy").plan
    fields = json.loads(dump_plan(plan))
    del fields["previous"]["trouble"], fields["previous"]["smoke_problem"]
    assert parse_plan(json.dumps(fields).encode()) == plan


def test_a_plan_of_an_earlier_installer_does_not_say_how_the_version_was_known(tmp_path: Path) -> None:
    plan = situation(tmp_path, "copy").plan
    written = json.loads(dump_plan(plan))
    del written["previous"]["version_source"]
    assert parse_plan(json.dumps(written).encode()) == plan
