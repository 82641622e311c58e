"""A room is a folder: no circles of imports between rooms, none too large, no module name twice."""

import ast
from collections import Counter
from collections.abc import Mapping, Set
from pathlib import Path

import pytest

from tests.test_arrows import ROOT, imports_of, module_of, sources

MOST_MODULES = 15
ENGINES = ("installer/mariadb", "installer/postgresql")
Arrows = Mapping[str, Set[str]]


def room_of(module: str) -> str:
    return module.rpartition(".")[0]


def arrows_between(imports: Mapping[str, Set[str]]) -> dict[str, set[str]]:
    """Room → the rooms it imports. A folder and what stands inside of it are no two rooms here."""
    arrows: dict[str, set[str]] = {}
    for module, imported in imports.items():
        room = room_of(module)
        others = {room_of(other) for other in imported} - {room}
        apart = {
            o for o in others if not f"{o}.".startswith(f"{room}.") and not f"{room}.".startswith(f"{o}.")
        }
        arrows.setdefault(room, set()).update(apart)
    return arrows


def circles_in(arrows: Arrows) -> set[str]:
    """The rooms from which arrows lead back to themselves."""
    reached = {room: set(ends) for room, ends in arrows.items()}
    for middle in arrows:
        for ends in reached.values():
            if middle in ends:
                ends |= reached.get(middle, set())
    return {room for room, ends in reached.items() if room in ends}


def our_imports() -> dict[str, set[str]]:
    """Module → our modules that it imports, each by its own name."""
    modules = {module_of(path): path for path in sources()}
    found: dict[str, set[str]] = {}
    for module, path in modules.items():
        names = set(imports_of(path.read_text(), module))
        found[module] = {n if n in modules else room_of(n) for n in names} & modules.keys()
    return found


def files_of_rooms() -> list[Path]:
    return [path for path in sources() if not path.name.startswith("__")]


def test_no_two_rooms_import_each_other_in_a_circle() -> None:
    assert circles_in(arrows_between(our_imports())) == set()


@pytest.mark.parametrize(
    ("imports", "circle"),
    [
        ({"a.x.m": {"a.y.n"}, "a.y.n": {"a.z.o"}, "a.z.o": set()}, set()),
        ({"a.x.m": {"a.y.n"}, "a.y.n": {"a.x.other"}}, {"a.x", "a.y"}),
        ({"a.x.m": {"a.y.n"}, "a.y.n": {"a.z.o"}, "a.z.o": {"a.x.other"}}, {"a.x", "a.y", "a.z"}),
        ({"a.m": {"a.y.n"}, "a.y.n": {"a.other"}}, set()),
    ],
)
def test_a_circle_of_rooms_is_found(imports: dict[str, set[str]], circle: set[str]) -> None:
    assert circles_in(arrows_between(imports)) == circle


def test_no_room_has_more_modules_than_a_newcomer_can_take_in() -> None:
    counts = Counter(room_of(module_of(path)) for path in files_of_rooms())
    large = {room: count for room, count in counts.items() if count > MOST_MODULES}
    assert large == {}


@pytest.mark.parametrize("engine", ENGINES)
def test_no_name_of_a_module_is_there_twice(engine: str) -> None:
    """The rooms of two engines of databases are alike; each of them is held against everything else."""
    others = [f"{ROOT}/{other}/" for other in ENGINES if other != engine]
    counts = Counter(path.stem for path in files_of_rooms() if not str(path).startswith(tuple(others)))
    assert {name for name, count in counts.items() if count > 1} == set()


def test_the_map_in_contributing_names_each_room_with_its_own_words() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    assert tree_of("installer") + tree_of("packager") in page


def tree_of(top: str, depth: int = 0) -> str:
    """A line for each room: its name, and the first line of its `__init__`."""
    room = ROOT / top
    words = ast.get_docstring(ast.parse((room / "__init__.py").read_text())) or ""
    line = f"{'  ' * depth + room.name + '/':<23}{words.rstrip('.')}\n"
    inside = sorted(path.parent for path in room.glob("*/__init__.py"))
    return line + "".join(tree_of(str(path.relative_to(ROOT)), depth + 1) for path in inside)
