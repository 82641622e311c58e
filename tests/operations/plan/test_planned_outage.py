"""The estimated outage, part by part, as the person reads it before the yes."""

import dataclasses

from installer.operations.plan.planned_outage import Outage, parse_outage

KNOWN = Outage(stop=0.5, backup=1.0, copy=1.2, database=1.5, migrations=0.0, services=2.5)


def test_each_part_that_takes_time_is_named() -> None:
    assert KNOWN.words == (
        "Outage: about 7 s (stop 1 s, backup 1 s, rest of the copy 2 s, database 2 s, services 3 s)"
    )
    assert round(KNOWN.seconds, 1) == 6.7


def test_what_nothing_has_measured_is_said_to_be_unknown() -> None:
    outage = dataclasses.replace(KNOWN, backup=300.0, services=None)
    assert outage.words == (
        "Outage: at least 6 min (stop 1 s, backup 5 min, rest of the copy 2 s, database 2 s,"
        " services: not known)"
    )


def test_it_is_read_back_and_a_part_of_another_version_is_unknown() -> None:
    written = dataclasses.asdict(KNOWN)
    assert (parse_outage(written), parse_outage(None)) == (KNOWN, None)
    del written["services"]
    assert parse_outage(written) == dataclasses.replace(KNOWN, services=None)
