"""The version of a project's Prisma, from the lock files of all package managers."""

import json
from pathlib import Path

import pytest

from packager.project.databases.locked_prisma import locked_prisma
from packager.project.project import find_project
from tests.packager.projects import shop, write

NPM = json.dumps(
    {
        "lockfileVersion": 3,
        "packages": {
            "": {"devDependencies": {"prisma": "^6.0.0"}},
            "node_modules/@prisma/client": {"version": "6.19.1"},
            "node_modules/prisma": {"version": "6.19.0"},
            "web/node_modules/prisma": {"version": "7.4.2"},
        },
    }
)
NPM_1 = json.dumps({"lockfileVersion": 1, "dependencies": {"prisma": {"version": "4.16.2"}}})
YARN_1 = """\
# yarn lockfile v1


"@prisma/client@^5.0.0":
  version "5.22.1"
  resolved "x"

prisma-kysely@1:
  version "9.9.9"

prisma@^5.0.0, prisma@^5.1.0:
  version "5.22.0"
  resolved "x"
  dependencies:
    "@prisma/engines" "5.22.0"
"""
YARN_BERRY = """\
__metadata:
  version: 8

"prisma@npm:^7.0.0":
  version: 7.4.0
  resolution: "prisma@npm:7.4.0"
"""
PNPM_9 = """\
lockfileVersion: '9.0'
importers:
  .:
    devDependencies:
      prisma:
        specifier: ^7.0.0
        version: 7.3.0(typescript@5.9.2)
packages:
  '@prisma/engines@7.3.0':
    resolution: {integrity: x}
  prisma@7.3.0:
    resolution: {integrity: x}
snapshots:
  prisma@7.3.0(typescript@5.9.2):
    dependencies:
      '@prisma/engines': 7.3.0
"""
PNPM_6 = "packages:\n\n  /prisma@5.1.1(a@2.0.0):\n    resolution: {integrity: x}\n"
PNPM_5 = "packages:\n\n  /prisma/4.9.0:\n    resolution: {integrity: x}\n"
BUN = """\
{
  "packages": {
    "@prisma/client": ["@prisma/client@7.5.1", "", {}, "sha512-x"],

    "prisma": ["prisma@7.5.0", "", { "dependencies": { "@prisma/engines": "7.5.0" } }, "sha512-x"],
  },
}
"""


@pytest.mark.parametrize(
    ("name", "text", "version"),
    [
        ("package-lock.json", NPM, "6.19.0"),
        ("npm-shrinkwrap.json", NPM_1, "4.16.2"),
        ("yarn.lock", YARN_1, "5.22.0"),
        ("yarn.lock", YARN_BERRY, "7.4.0"),
        ("pnpm-lock.yaml", PNPM_9, "7.3.0"),
        ("pnpm-lock.yaml", PNPM_6, "5.1.1"),
        ("pnpm-lock.yaml", PNPM_5, "4.9.0"),
        ("bun.lock", BUN, "7.5.0"),
        ("yarn.lock", YARN_1.replace("prisma@^5.0.0, prisma@^5.1.0", "other@1"), "5.22.1"),
        ("package-lock.json", "{broken", None),
        ("package-lock.json", '{"packages": {"node_modules/prisma": {"version": "file:../prisma"}}}', None),
        ("yarn.lock", YARN_1 + '\nprisma@^6.0.0:\n  version "6.0.0"\n', None),
    ],
)
def test_every_lock_file_says_which_prisma_the_project_has(
    tmp_path: Path, name: str, text: str, version: str | None
) -> None:
    write(tmp_path, {name: text, "prisma/schema.prisma": ""})
    assert locked_prisma(tmp_path / "prisma", tmp_path) == version


def test_a_package_of_a_workspace_has_the_prisma_beside_it_or_above(tmp_path: Path) -> None:
    write(tmp_path, {"package-lock.json": NPM, "web/prisma/x": "", "api/prisma/x": ""})
    assert locked_prisma(tmp_path / "web/prisma", tmp_path) == "7.4.2"
    assert locked_prisma(tmp_path / "api/prisma", tmp_path) == "6.19.0"


def test_the_nearest_lock_file_with_prisma_counts_and_none_outside_of_the_project(tmp_path: Path) -> None:
    write(tmp_path, {"yarn.lock": YARN_BERRY, "shop/api/yarn.lock": YARN_1, "shop/yarn.lock": "# none\n"})
    assert locked_prisma(tmp_path / "shop/api/prisma", tmp_path / "shop") == "5.22.0"
    assert locked_prisma(tmp_path / "shop/prisma", tmp_path / "shop") is None


def test_the_version_is_known_of_every_migration_of_a_project(tmp_path: Path) -> None:
    [database] = find_project(shop(tmp_path, **{"pnpm-lock.yaml": PNPM_9})).databases
    assert database.migrations is not None
    assert [database.migrations.prisma, *(one.prisma for one in database.migrations.all)] == [
        "7.3.0",
        "7.3.0",
    ]
