import io
import subprocess
import tarfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.archive.tar_entries import END_OF_ARCHIVE, entry, entry_header
from tests.bundle.manifests import paths

LARGE = 9 << 30


def test_an_entry_has_no_owner_and_no_time() -> None:
    with tarfile.open(fileobj=io.BytesIO(entry("root/tool", b"x" * 600, 0o755) + END_OF_ARCHIVE)) as archive:
        (member,) = archive.getmembers()
    found = (
        member.name,
        member.size,
        member.mode,
        member.mtime,
        member.uid,
        member.gid,
        member.uname,
        member.gname,
    )
    assert found == ("root/tool", 600, 0o755, 0, 0, 0, "", "")


def test_an_ordinary_entry_is_one_plain_header_even_in_korean() -> None:
    assert len(entry("root/한국어/파일.md", b"x")) == 1024
    assert len(entry("root/" + "folder/" * 20 + "file", b"")) == 512


def test_what_does_not_fit_gets_an_extended_header() -> None:
    assert len(entry_header("root/images.tar", LARGE)) == 3 * 512
    assert len(entry_header("r" * 101, 0)) == 3 * 512
    with tarfile.open(fileobj=io.BytesIO(entry_header("root/images.tar", LARGE))) as archive:
        assert archive.next().size == LARGE  # type: ignore[union-attr]


@given(st.dictionaries(paths, st.binary(max_size=1500), max_size=4))
def test_every_reader_of_tar_finds_what_was_written(contents: dict[str, bytes]) -> None:
    raw = b"".join(entry(path, content) for path, content in contents.items()) + END_OF_ARCHIVE
    with tarfile.open(fileobj=io.BytesIO(raw), encoding="utf-8") as archive:
        found = {member.name: archive.extractfile(member).read() for member in archive}  # type: ignore[union-attr]
    assert found == contents


def test_the_tar_program_unpacks_hostile_names_as_they_are(tmp_path: Path) -> None:
    names = ("it's", "$(touch owned)", 'say "x"', "back\\slash", "-rf", "한글", "n" * 200)
    raw = b"".join(entry(f"root/{name}", name.encode()) for name in names) + END_OF_ARCHIVE
    subprocess.run(("tar", "-x", "-C", tmp_path), input=raw, check=True)
    found = {path.name: path.read_text() for path in (tmp_path / "root").iterdir()}
    assert found == {name: name for name in names}
