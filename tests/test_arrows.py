"""The arrows between layers and between rooms: who may import whom, late imports included."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BELOW_SYSTEM = {"installer.bundle", "installer.errors", "installer.text"}
BELOW_SITE = {*BELOW_SYSTEM, "installer.system", "installer.screen"}
BELOW_DATABASE = {*BELOW_SITE, "installer.site"}
BELOW_OPERATIONS = {*BELOW_DATABASE, "installer.workflow", "installer.database"}
OF_DATABASES = {
    *BELOW_DATABASE,
    "installer.database.door",
    "installer.database.dumps",
    "installer.database.offenders",
    "installer.database.records",
    "installer.database.scratch_servers",
    "installer.database.values",
}
ALLOWED = {
    "installer.errors": {"installer.text"},
    "installer.text": set(),
    "installer.encoding": set(),
    "installer.screen": {"installer.errors", "installer.text"},
    "installer.bundle": {"installer.errors", "installer.text"},
    "installer.system": BELOW_SYSTEM,
    "installer.site": BELOW_SITE,
    "installer.workflow": BELOW_SITE,
    "installer.database": BELOW_DATABASE,
    "installer.database.engines": {
        *BELOW_DATABASE,
        "installer.database",
        "installer.mariadb",
        "installer.postgresql",
    },
    "installer.mariadb": OF_DATABASES,
    "installer.postgresql": OF_DATABASES,
    "installer.operations": {*BELOW_OPERATIONS, "installer.VERSION"},
    "installer.commands": {*BELOW_OPERATIONS, "installer.operations", "installer.VERSION"},
    "installer": {"installer.commands", "installer.encoding", "installer.text"},  # its __main__
    "packager": {*BELOW_SITE, "installer.VERSION"},
    "packager.commands": {
        *BELOW_SITE,
        "packager",
        "installer.commands.click_words",
        "installer.commands.database_option",
    },
    "packager.__main__": {
        *BELOW_SITE,
        "packager",
        "installer.commands.cli",
        "installer.commands.endings.exit_code",
        "installer.encoding",
    },
}
NEVER_ON_SITE = {"jinja2", "babel", "packager", "templates"}


def sources() -> list[Path]:
    return sorted(path for top in ("installer", "packager") for path in (ROOT / top).rglob("*.py"))


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def layer_of(module: str) -> str:
    """The longest name in `ALLOWED` that is the module's or stands above it."""
    return max((name for name in ALLOWED if f"{module}.".startswith(f"{name}.")), key=len, default=module)


def imports_of(source: str, module: str) -> Iterator[str]:
    """Every module that `source` imports anywhere, relative imports resolved."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = module.split(".")[: -node.level] if node.level else []
            base = ".".join((*above, *filter(None, [node.module])))
            yield from (f"{base}.{alias.name}" for alias in node.names)


def wrong_arrows(source: str, module: str) -> list[str]:
    layer = layer_of(module)
    found = {(imported, layer_of(imported)) for imported in imports_of(source, module)}
    ours = {(imported, to) for imported, to in found if imported.startswith(("installer.", "packager."))}
    up = {imported for imported, to in ours if to != layer and not is_allowed(layer, imported, to)}
    strange = {i for i, _to in found if layer.startswith("installer") and i.split(".")[0] in NEVER_ON_SITE}
    return [f"{module} imports {imported}" for imported in sorted(up | strange)]


def is_allowed(layer: str, imported: str, to: str) -> bool:
    return to in ALLOWED[layer] or any(f"{imported}.".startswith(f"{name}.") for name in ALLOWED[layer])


@pytest.mark.parametrize("path", sources(), ids=module_of)
def test_a_module_imports_only_from_layers_below_it(path: Path) -> None:
    assert wrong_arrows(path.read_text(), module_of(path)) == []


@pytest.mark.parametrize(
    ("module", "source"),
    [
        ("installer.bundle.manifest.manifest", "from installer.system.process.process import run"),
        ("installer.bundle.manifest.manifest", "def f():\n    from installer.system import process"),
        ("installer.bundle.manifest.manifest", "from ...site import paths"),
        ("installer.system.docker.docker", "from installer.screen.console import Console"),
        ("installer.site.paths", "import installer.operations.package.verify"),
        ("installer.workflow.step", "from installer.commands import cli"),
        ("installer.workflow.step", "from installer.operations import plan"),
        ("installer.operations.package.verify", "from packager import export"),
        ("installer.operations.package.verify", "import jinja2.sandbox"),
        ("installer.errors", "from installer.screen.console import Console"),
        ("packager.export", "from installer.site.paths import ENV"),
        ("packager.export", "from installer.commands.cli import airlock"),
    ],
)
def test_an_arrow_that_points_upwards_is_found(module: str, source: str) -> None:
    assert len(wrong_arrows(source, module)) == 1


@pytest.mark.parametrize(
    ("module", "source"),
    [
        (
            "installer.system.docker.docker",
            "from installer.bundle.manifest.manifest import Image\nimport os",
        ),
        ("installer.system.docker.docker", "from installer.system.process.process import run"),
        ("installer.commands.cli", "from installer.operations.import_.import_ import import_release"),
        ("installer.__main__", "from installer.commands.cli import main"),
        ("packager.export", "from installer.bundle import archive\nimport jinja2"),
        (
            "packager.__main__",
            "from installer.commands.cli import airlock\nfrom packager.export import export",
        ),
    ],
)
def test_an_arrow_that_points_downwards_is_fine(module: str, source: str) -> None:
    assert wrong_arrows(source, module) == []


def test_the_bundle_needs_only_the_standard_library() -> None:
    import sys

    known = {*sys.stdlib_module_names, "installer"}
    for path in (ROOT / "installer" / "bundle").rglob("*.py"):
        imported = {name.split(".")[0] for name in imports_of(path.read_text(), module_of(path))}
        assert imported <= known, path
