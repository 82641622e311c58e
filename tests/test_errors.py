"""Every failure that is expected has a documented exit code of its own; 1 is for mistakes alone."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import installer
import packager
from installer.errors import AirlockError

ROOT = Path(__file__).parents[1]
SOURCES = sorted(path for top in ("installer", "packager") for path in (ROOT / top).rglob("*.py"))
DOCUMENTED = {
    int(code)
    for code in re.findall(r"^\| (\d+) \| ", (ROOT / "docs/commands.md").read_text("utf-8"), re.MULTILINE)
}


def family(one: type[AirlockError]) -> Iterator[type[AirlockError]]:
    for child in one.__subclasses__():
        yield child
        yield from family(child)


def all_errors() -> set[type[AirlockError]]:
    for top in (installer, packager):
        for module in pkgutil.walk_packages(top.__path__, f"{top.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return {one for one in family(AirlockError) if one.__module__.split(".")[0] in ("installer", "packager")}


def test_every_error_ends_with_a_documented_code_and_only_a_bug_with_1() -> None:
    found = all_errors()
    assert len(found) > 15
    assert {one.__name__: one.exit_code for one in found if one.exit_code not in DOCUMENTED - {0, 1}} == {
        "Bug": 1
    }


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_nobody_raises_an_error_without_a_code(path: Path) -> None:
    """`AirlockError` itself has none, and a `Bug` is made together with its report."""
    made = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id == "AirlockError" or (node.func.id == "Bug" and path.name != "bug_report.py")
    ]
    assert made == []
