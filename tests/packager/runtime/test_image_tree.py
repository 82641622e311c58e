"""The file system of an image: what is kept of it, and where its links lead."""

import io
import tarfile
from pathlib import Path

import pytest

from packager.runtime.image_tree import read_tree
from tests.packager.runtime.trees import tree_of

FILES = {
    "usr/bin/python3.11": b"program",
    "usr/lib/python3.11/os.py": b"os",
    "usr/lib/python3.11/site-packages/pip/a.py": b"no part of Python",
    "usr/lib/x86_64-linux-gnu/libc.so.6": b"libc",
    "etc/passwd": b"not wanted",
}
LINKS = {
    "lib": "usr/lib",
    "usr/bin/python3": "python3.11",
    "usr/local/bin/python": "/usr/bin/python3",
    "usr/lib/up.so": "../../../../lib/x86_64-linux-gnu/libc.so.6",
    "usr/lib/round.so": "round.so",
    "usr/lib/python3.11/sitecustomize.py": "/etc/python3.11/sitecustomize.py",
}


@pytest.mark.parametrize(
    ("path", "real"),
    [
        ("/usr/bin/python3.11", "usr/bin/python3.11"),
        ("/usr/local/bin/python", "usr/bin/python3.11"),
        ("lib/x86_64-linux-gnu/libc.so.6", "usr/lib/x86_64-linux-gnu/libc.so.6"),
        ("usr/lib/up.so", "usr/lib/x86_64-linux-gnu/libc.so.6"),
        ("usr/lib/round.so", None),
        ("usr/lib/python3.11/sitecustomize.py", None),
        ("etc/passwd", None),
        ("usr/lib/python3.11/site-packages/pip/a.py", None),
    ],
)
def test_links_lead_to_files_inside_the_tree(tmp_path: Path, path: str, real: str | None) -> None:
    assert tree_of(tmp_path, FILES, LINKS).real(path) == real


def test_a_hard_link_is_the_file_itself(tmp_path: Path) -> None:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        program = tarfile.TarInfo("usr/bin/python3.11")
        program.size = 3
        tar.addfile(program, io.BytesIO(b"abc"))
        other = tarfile.TarInfo("usr/bin/python3")
        other.type, other.linkname = tarfile.LNKTYPE, "usr/bin/python3.11"
        tar.addfile(other)
    archive.seek(0)
    tree = read_tree(archive, tmp_path)
    assert tree.content(tree.real("usr/bin/python3") or "") == b"abc"


def test_a_folder_is_listed_with_its_links_but_without_those_that_lead_nowhere(tmp_path: Path) -> None:
    assert list(tree_of(tmp_path, FILES, LINKS).below("usr/lib/python3.11")) == ["os.py"]
