import hashlib
import io
import os
import subprocess
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from installer.bundle.archive.checksums import HashingReader, dump_sums, hash_file

HOSTILE = (
    "a\nb",
    "a\\b",
    "a\\nb",
    "it's",
    'say "x"',
    "$(touch owned)",
    "`x`",
    " lead",
    "trail ",
    "*star",
    "한글",
    "a\rb",
)

names = st.text(
    st.characters(blacklist_characters="/\0", blacklist_categories=("Cs",))
    | st.sampled_from("\\\n\r'\"$() *"),
    min_size=1,
    max_size=20,
).filter(lambda name: name not in (".", ".."))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(names, min_size=1, max_size=5))
def test_sha256sum_writes_the_same_and_accepts_ours(tmp_path: Path, hostile: set[str]) -> None:
    folder = Path(os.path.realpath(tmp_path)) / hashlib.sha256(repr(sorted(hostile)).encode()).hexdigest()
    folder.mkdir(exist_ok=True)
    written = _written(folder, hostile)
    assert _sha256sum(folder, "--", *sorted(written, key=os.fsencode)) == dump_sums(written)
    (folder.parent / "SUMS").write_bytes(dump_sums(written))
    _sha256sum(folder, "--strict", "--check", "../SUMS")


def test_sha256sum_agrees_on_every_hostile_name(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    written = _written(folder, set(HOSTILE))
    assert _sha256sum(folder, "--", *sorted(written, key=os.fsencode)) == dump_sums(written)
    (tmp_path / "SUMS").write_bytes(dump_sums(written))
    _sha256sum(folder, "--strict", "--check", "../SUMS")
    assert sorted(path.name for path in folder.iterdir()) == sorted(HOSTILE)


def test_a_file_is_hashed_and_its_bytes_are_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"x" * 3_000_000)
    told: list[int] = []
    assert hash_file(tmp_path / "a", told.append) == hashlib.sha256(b"x" * 3_000_000).hexdigest()
    assert sum(told) == 3_000_000


def test_a_hashing_reader_knows_what_went_through() -> None:
    reader = HashingReader(io.BytesIO(b"abcdef"))
    assert (reader.read(4), reader.size_bytes, reader.sha256) == (
        b"abcd",
        4,
        hashlib.sha256(b"abcd").hexdigest(),
    )


def _written(folder: Path, hostile: set[str]) -> dict[str, str]:
    for name in hostile:
        (folder / name).write_bytes(name.encode())
    return {name: hashlib.sha256(name.encode()).hexdigest() for name in hostile}


def _sha256sum(folder: Path, *words: str) -> bytes:
    return subprocess.run(("sha256sum", *words), cwd=folder, check=True, capture_output=True).stdout
