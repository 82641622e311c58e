from pathlib import Path

import pytest

from packager.image_build.build_contexts import packages_in_contexts
from packager.project.project import find_project
from tests.packager.projects import shop

OLD = "shop_2.1.1_package.tar.gz"


@pytest.mark.parametrize("ignores", ["", "*.log\n", "# *_package*\n", "*\n!*_package*\n"])
def test_a_package_that_a_build_would_take_along_is_named(tmp_path: Path, ignores: str) -> None:
    folder = shop(tmp_path, **{f"web/{OLD}": "x", "web/.dockerignore": ignores})
    assert list(packages_in_contexts(find_project(folder))) == [
        f"The build context ./web contains packages, which COPY would include: {OLD}."
        " Add `*_package*` to ./web/.dockerignore."
    ]


@pytest.mark.parametrize("ignores", ["*_package*\n", "**/*.tar.gz\n", "/shop_*\n", "*\n!page\n"])
def test_a_package_that_docker_ignores_is_no_matter(tmp_path: Path, ignores: str) -> None:
    folder = shop(tmp_path, **{f"web/{OLD}": "x", "web/.dockerignore": ignores})
    assert list(packages_in_contexts(find_project(folder))) == []


def test_a_package_in_a_folder_to_ship_is_not_shipped(tmp_path: Path) -> None:
    folder = shop(tmp_path, **{"airlock.yml": "files: [docs]\n", "docs/a.md": "x", f"docs/{OLD}": "x"})
    assert [path for path in find_project(folder).files.shipped if path.startswith("docs")] == ["docs/a.md"]
