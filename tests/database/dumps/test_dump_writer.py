import random
from pathlib import Path

import pytest

from installer.database.dumps.dump_reader import read_sql
from installer.database.dumps.dump_writer import Written, write_dump

SIZE = 3 << 20
HEX = random.Random(18).randbytes(SIZE // 2).hex().encode()
ROWS = b"".join(b"%d,'The customer called about parcel %d',NULL\n" % (at, at % 997) for at in range(60_000))


def written(sql: bytes, path: Path) -> Written:
    return write_dump([sql], path, (), lambda size_bytes: None, lambda tail: True)


@pytest.mark.parametrize(
    ("sql", "share"), [(HEX, 0.51), (ROWS, 0.2), (b"\0" * SIZE, 0.005)], ids=["binary data", "rows", "zeros"]
)
def test_each_block_is_packed_as_its_content_requires(sql: bytes, share: float, tmp_path: Path) -> None:
    path = tmp_path / "dump.sql.gz"
    made = written(sql, path)
    assert b"".join(read_sql(path)) == sql
    assert (made.sql_bytes, made.size_bytes) == (len(sql), path.stat().st_size)
    assert made.size_bytes < share * len(sql)


def test_the_same_sql_gives_the_same_file(tmp_path: Path) -> None:
    one, other = (written(HEX + ROWS, tmp_path / name) for name in ("one", "other"))
    assert one == other
