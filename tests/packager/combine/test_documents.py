"""The guides of a delta say what it needs, and after `combine` those of the whole package stand there."""

from dataclasses import replace
from pathlib import Path

import pytest

from installer.errors import UsageProblem
from packager.combine.documents import delta_document, is_guide, whole_document
from packager.contents.render import base_sections
from packager.deltas.export_base import Since
from packager.git.git_source import NO_GIT
from packager.plan.export_plan import ExportPlan, plan_export
from packager.project.project import find_project
from tests.packager.contents.test_render import ALL, documents
from tests.packager.projects import shop

SINCE = Since("shop", "2.1.1", "ab" * 32, "linux/amd64", None, frozenset(), 7)
SITE = Since("shop", None, None, "linux/amd64", "2026-11-22T09:15:00Z", frozenset(), None)


def plan_of(folder: Path, since: Since | None) -> ExportPlan:
    return plan_export(find_project(folder), "2.1.2", NO_GIT, folder, since=since)


@pytest.mark.parametrize("since", [SINCE, SITE], ids=["since", "for site"])
def test_without_what_they_say_about_the_base_they_are_those_of_the_whole_package(
    tmp_path: Path, since: Since
) -> None:
    folder = shop(tmp_path)
    delta, whole = plan_of(folder, since), plan_of(folder, None)
    name = delta.package.name.removesuffix(".tar.gz")
    told = documents(delta, "2.1.1")
    assert {
        path: whole_document(text.encode(), name, whole.stem).decode() for path, text in told.items()
    } == documents(whole, "2.1.1")
    assert all("<!-- base -->" in text for text in told.values())


def test_with_that_section_those_of_the_whole_package_are_those_of_the_delta(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    delta, whole = plan_of(folder, SINCE), plan_of(folder, None)
    sections = base_sections(SINCE, "shop", "2.1.2", leaves_out_python=False)
    told = documents(whole, "2.1.1")
    assert {
        path: delta_document(
            path, text.encode(), sections[path], whole.package.name, delta.package.name
        ).decode()
        for path, text in told.items()
    } == documents(delta, "2.1.1")


@pytest.mark.parametrize("path", ALL)
def test_a_guide_of_another_form_gets_that_section_at_its_end(path: str) -> None:
    assert delta_document(path, b"Read me.\n", b"section", "whole.tar", "delta.tar") == b"Read me.\nsection"


def test_they_say_exactly_which_package_is_needed(tmp_path: Path) -> None:
    told = documents(plan_of(shop(tmp_path), SINCE), "2.1.1")
    for language in ("", ".ko"):
        guide, migrations = told[f"DEPLOYMENT_GUIDE{language}.md"], told[f"MIGRATIONS{language}.md"]
        assert [
            words for words in ("shop_2.1.1_package", "ab" * 32, "airlock combine") if words not in guide
        ] == []
        assert f"DEPLOYMENT_GUIDE{language}.md" in migrations
        assert "tar -xzf shop_2.1.2_package_since_2.1.1.tar.gz" in guide


def test_a_package_for_a_site_names_the_time_of_its_inventory(tmp_path: Path) -> None:
    told = documents(plan_of(shop(tmp_path), SITE))
    assert "2026-11-22T09:15:00Z" in told["DEPLOYMENT_GUIDE.md"]
    assert "2026-11-22T09:15:00Z" in told["DEPLOYMENT_GUIDE.ko.md"]
    assert "airlock combine" not in told["DEPLOYMENT_GUIDE.md"]


def test_a_base_is_of_the_same_application_and_of_another_version(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    with pytest.raises(UsageProblem, match="A package of shop cannot build on vault"):
        plan_of(folder, replace(SINCE, application="vault"))
    with pytest.raises(UsageProblem, match=r"2\.1\.2 cannot build on itself"):
        plan_of(folder, replace(SINCE, version="2.1.2"))


def test_only_guides_are_guides() -> None:
    others = ("README.md", "docs/MIGRATIONS.md", "MIGRATIONS.txt", "MIGRATIONSmd")
    assert [path for path in (*ALL, *others) if is_guide(path)] == [*ALL]
