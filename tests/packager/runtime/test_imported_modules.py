"""Imports found in the text of modules, whatever Python they are written for."""

import pytest

from packager.runtime.imported_modules import AT_START, Module, imported_by, imports_of, modules_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("import a, b.c as d  # e\n", ["a", "b.c"]),
        ("from a import b, c as d\n", ["a", "a.b", "a.c"]),
        ("from a import (  # f\n    b,  # c\n    d,\n)\n", ["a", "a.b", "a.d"]),
        ("from a import \\\n    b\n", ["a", "a.b"]),
        ("def f():\n    import a\n", ["a"]),
        ("try: import a\nexcept ImportError: a = None; import b\n", ["a", "b"]),
        ("from . import a\n", ["p.q", "p.q.a"]),
        ("from ..r import a\n", ["p.r", "p.r.a"]),
        ("from .s import a\n", ["p.q.s", "p.q.s.a"]),
        ("type X = int  # a newer language\nimport a\n", ["a"]),
    ],
)
def test_imports_are_found(text: str, names: list[str]) -> None:
    assert list(imports_of(Module("p.q.m", "p/q/m.py", text.encode()))) == names


def test_relative_imports_of_a_package_start_at_itself() -> None:
    package = Module("p.q", "p/q/__init__.py", b"from .s import a\nfrom .. import t\n")
    assert list(imports_of(package)) == ["p.q.s", "p.q.s.a", "p", "p.t"]


def test_what_is_imported_along_is_found_with_its_packages_and_without_what_never_is() -> None:
    sources = {
        "a.py": b"import b.c, never\n",
        "b/__init__.py": b"import d\n",
        "b/c.py": b"",
        "d.py": b"def f():\n    import e\n",
        "e.py": b"",
        "never.py": b"import f\n",
        "f.py": b"",
    }
    modules = modules_in(sources)
    assert set(imported_by(["a"], modules, ["never"])) == {"a", "b", "b.c", "d", "e"}
    assert set(imported_by(["a"], modules, ["never"], AT_START)) == {"a", "b", "b.c", "d"}
