"""Finds all modules that programs may import, from the text of their imports alone.

Imports inside functions count, and so does what only looks like an import: too many modules cost some bytes,
a missing one an import at night. The text is not parsed, because the image's Python may be newer than this.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

STATEMENT = rb"(?:from[ \t]+(\.*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]*)|import[ \t]+([^\n;#]+))"
ANYWHERE = re.compile(rb"(?:^|[:;])[ \t]*" + STATEMENT, re.MULTILINE)
AT_START = re.compile(rb"^" + STATEMENT, re.MULTILINE)  # what is imported together with the module
COMMENT = re.compile(rb"#[^\n]*")
SOURCE = ".py"
PACKAGE = "/__init__.py"


@dataclass(frozen=True)
class Module:
    """A module: its path, and its source, which is empty for an extension module."""

    name: str
    path: str
    source: bytes

    @property
    def is_package(self) -> bool:
        """Returns whether it is a folder with `__init__.py`."""
        return self.path.endswith(PACKAGE)


def modules_in(sources: Mapping[str, bytes]) -> dict[str, Module]:
    """Maps names to the modules in these files."""
    found = {}
    for path, source in sources.items():
        if path.endswith(SOURCE):
            name = path.removesuffix(PACKAGE).removesuffix(SOURCE).replace("/", ".")
            found[name] = Module(name, path, source)
    return found


def imported_by(
    roots: Iterable[str],
    modules: Mapping[str, Module],
    never: Collection[str],
    pattern: "re.Pattern[bytes]" = ANYWHERE,
) -> dict[str, Module]:
    """Returns `roots` and all modules that they may import, directly or not, but for those in `never`."""
    found: dict[str, Module] = {}
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        for one in _with_parents(name):
            if one in never:
                break
            if one in modules and one not in found:
                found[one] = modules[one]
                waiting += imports_of(modules[one], pattern)
    return found


def _with_parents(name: str) -> Iterator[str]:
    parts = name.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts) + 1))


def imports_of(module: Module, pattern: "re.Pattern[bytes]" = ANYWHERE) -> Iterator[str]:
    """Yields the names that a module may import: of modules, and of what may be in them."""
    for statement in pattern.finditer(module.source.replace(b"\\\n", b" ")):
        if statement[3] is not None:
            yield from _names(statement[3])
        else:
            base = _absolute(statement[1].decode("utf-8", "replace"), module)
            yield base
            yield from (f"{base}.{name}" for name in _names(statement[2]))


def _absolute(name: str, module: Module) -> str:
    """Returns the full name of what a relative import names."""
    dots = len(name) - len(name.lstrip("."))
    if not dots:
        return name
    parts = module.name.split(".")
    above = parts[: len(parts) - dots + module.is_package]
    return ".".join((*above, *filter(None, [name[dots:]])))


def _names(text: bytes) -> Iterator[str]:
    for part in COMMENT.sub(b"", text).strip(b"() \t").split(b","):
        words = part.split()
        if words:
            yield words[0].decode("utf-8", "replace")
