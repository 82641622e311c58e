import os
from dataclasses import replace
from pathlib import Path

import pytest

from installer.bundle.layout import MANIFEST
from installer.errors import BadPackage
from installer.operations.carry.carry_adaptations import carry_adaptations, carry_adaptations_back
from installer.operations.package.verify import verify, verify_directory
from installer.operations.plan.import_plan import ImportPlan, Previous
from installer.screen.console import Console
from installer.site.kept_record import Kept, KeptFile, read_kept
from installer.system.files.files import partial_name
from tests.bundle.builders import CONTENTS, a_manifest, a_package_directory, sha256
from tests.operations.carry.test_carry_state import description_of, plan_for

OVERRIDE, NGINX, EXTRA = "docker-compose.override.yml", "proxy/nginx.conf", "proxy/extra/own.conf"
OWN = {OVERRIDE: b"services: {}\n", NGINX: b"events { edited }\n", EXTRA: b"own\n"}


@pytest.fixture
def plan(tmp_path: Path) -> ImportPlan:
    release, old = a_package_directory(tmp_path), tmp_path / "old"
    for name, content in OWN.items():
        (old / name).parent.mkdir(parents=True, exist_ok=True)
        (old / name).write_bytes(content)
        (old / name).chmod(0o640)
    os.chown(old / NGINX, 1001, 1002)
    (tmp_path / "plan").mkdir()
    previous = Previous(old, (), None, "2.1.1", (), (), ())
    planned = replace(plan_for(tmp_path / "plan", "copy"), release=release, state=(), previous=previous)
    return replace(planned, created_paths=(), kept=(NGINX, EXTRA), overrides=(OVERRIDE, "/srv/site.yml"))


def test_the_sites_own_files_are_taken_over_recorded_and_told_from_damage(plan: ImportPlan) -> None:
    carry_adaptations(plan, a_manifest(CONTENTS))
    assert {name: (plan.release / name).read_bytes() for name in OWN} == OWN
    status = (plan.release / NGINX).stat()
    assert (status.st_mode & 0o777, status.st_uid, status.st_gid) == (0o640, 1001, 1002)
    assert read_kept(plan.release) == Kept(
        tuple(KeptFile(name, sha256(OWN[name])) for name in (NGINX, EXTRA, OVERRIDE)),
        (OVERRIDE, "/srv/site.yml"),
    )
    assert verify(plan.release, Console()).edited == (OVERRIDE, EXTRA, NGINX)

    (plan.release / NGINX).write_bytes(b"events { damag\0d }\n")
    (plan.release / EXTRA).unlink()
    with pytest.raises(BadPackage) as bad:
        verify_directory(plan.release, Console())
    assert bad.value.details == (
        "proxy/extra/own.conf: is missing",
        "proxy/nginx.conf: differs from the version that this site kept at the import",
    )


def test_the_release_is_as_it_was_delivered_after_the_way_back(plan: ImportPlan) -> None:
    before = {name: (plan.release / name).read_bytes() for name in (*CONTENTS, MANIFEST)}
    carry_adaptations(plan, a_manifest(CONTENTS))
    partial_name(plan.release / NGINX).write_bytes(b"half")
    carry_adaptations_back(plan, a_manifest(CONTENTS), None)
    carry_adaptations_back(plan, a_manifest(CONTENTS), None)
    assert not partial_name(plan.release / NGINX).exists()
    assert {name: (plan.release / name).read_bytes() for name in before} == before
    assert read_kept(plan.release) == Kept()
    assert not any((plan.release / name).exists() for name in (OVERRIDE, EXTRA))


def test_the_way_back_from_a_finished_import_sets_aside_what_was_kept(
    plan: ImportPlan, tmp_path: Path
) -> None:
    carry_adaptations(plan, a_manifest(CONTENTS))
    (plan.release / NGINX).write_bytes(b"edited again\n")
    carry_adaptations_back(plan, a_manifest(CONTENTS), tmp_path / "discarded")
    assert (tmp_path / "discarded" / NGINX).read_bytes() == b"edited again\n"
    assert (plan.release / NGINX).read_bytes() == CONTENTS[NGINX]


def test_nothing_is_touched_where_nothing_is_kept(plan: ImportPlan) -> None:
    before = description_of(plan.release)
    plain = replace(plan, kept=(), overrides=())
    carry_adaptations(plain, a_manifest(CONTENTS))
    carry_adaptations_back(plain, a_manifest(CONTENTS), None)
    assert description_of(plan.release) == before
