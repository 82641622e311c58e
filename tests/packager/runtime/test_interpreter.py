"""Finding the Python of an image, whoever built it."""

from pathlib import Path

import pytest

from installer.errors import Refused
from packager.runtime.interpreter import Interpreter, find_interpreter
from tests.packager.runtime.trees import ELF, tree_of

PROGRAM = ELF + b"\0 3.11 \x003.11.9\0 \0"


def test_an_official_image_has_it_in_usr_local(tmp_path: Path) -> None:
    files = {
        "usr/local/bin/python3.11": ELF,
        "usr/local/lib/libpython3.11.so.1.0": PROGRAM,
        "usr/local/lib/python3.11/os.py": b"",
    }
    tree = tree_of(tmp_path, files, {"usr/local/bin/python3": "python3.11"})
    found = find_interpreter(tree, "/usr/local/bin:/usr/bin", "python:3.11-slim")
    library = "usr/local/lib/python3.11"
    assert found == Interpreter("usr/local/bin/python3.11", library, (3, 11), "3.11.9")
    assert (found.name, found.zip_name) == ("python3.11", "python311.zip")


def test_a_link_of_another_folder_leads_to_debians(tmp_path: Path) -> None:
    files = {"usr/bin/python3.11": PROGRAM, "usr/lib/python3.11/os.py": b""}
    tree = tree_of(tmp_path, files, {"usr/local/bin/python3": "/usr/bin/python3.11"})
    assert find_interpreter(tree, "/usr/local/bin", "x").program == "usr/bin/python3.11"


def test_a_program_without_a_number_in_its_name_has_the_library_beside_it(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"opt/bin/python3": PROGRAM, "opt/lib/python3.11/os.py": b""})
    assert find_interpreter(tree, "/opt/bin", "x").release == (3, 11)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "The image x has no Python."),
        ({"usr/bin/python3": b"#!/bin/sh\n"}, "The image x has no Python."),
        ({"usr/bin/python3.11": PROGRAM}, "The image x has no Python."),
        (
            {"usr/bin/python3": PROGRAM, "usr/lib/python3.9/os.py": b""},
            "The image x has Python 3.9, which is too old.",
        ),
    ],
)
def test_an_image_without_a_usable_python_is_refused(
    tmp_path: Path, files: dict[str, bytes], said: str
) -> None:
    links = {} if "usr/bin/python3" in files else {"usr/bin/python3": "python3.11"}
    tree = tree_of(tmp_path, files, links)
    with pytest.raises(Refused) as refusal:
        find_interpreter(tree, "", "x")
    assert refusal.value.happened == said
