"""Defines generated tables, and the pools of words and noise for their texts and documents.

Every value is a function of its row number, so that the same size always gives the same database.
"""

from dataclasses import dataclass

SENTENCES = 997  # a prime, so that choices of three rarely repeat
NOISES = 61  # incompressible pages of 16 KiB


@dataclass(frozen=True)
class Table:
    """A table without its later indexes, its rows, and its share of the whole.

    `rows` is SQL for the values of rows {first} to {last}; {customers} and {orders} are the numbers of these.
    """

    name: str
    create: str
    indexes: tuple[str, ...]
    rows: str
    share: float  # of the size of the database, indexes included
    row_bytes: int  # about what one row takes, indexes included


def text_of(number: str, salt: str, sentences: int) -> str:
    """Returns SQL for a text that depends on a number: sentences of the pool and a unique part."""
    picked = ", ".join(f"(SELECT words FROM sentences WHERE id = {_pick(number, salt, at)})"
                       for at in range(sentences))  # fmt: skip
    return f"CONCAT_WS(' ', {picked}, MD5(CONCAT('{salt}', {number})))"


def _pick(number: str, salt: str, at: int) -> str:
    return f"1 + CRC32(CONCAT('{salt}{at}', {number})) % {SENTENCES}"


POOL = f"""CREATE TABLE sentences ENGINE=InnoDB AS SELECT seq AS id, CONCAT_WS(' ',
    ELT(1 + CRC32(CONCAT('a', seq)) % 8, 'The customer', 'Our colleague', 'The driver', 'Somebody',
        '고객이', 'The office in Zürich', 'A neighbour', 'The warehouse'),
    ELT(1 + CRC32(CONCAT('b', seq)) % 8, 'called about', 'returned', 'asked for', 'has not received',
        '요청한', 'confirmed', 'complained about', 'paid for'),
    ELT(1 + CRC32(CONCAT('c', seq)) % 8, 'parcel', 'invoice', 'contract', 'delivery', '계약서',
        'offer', 'cable', 'meter'), CONV(CRC32(CONCAT('d', seq)), 10, 36),
    ELT(1 + CRC32(CONCAT('e', seq)) % 6, 'on Monday.', 'last week.', 'again!', 'in writing.',
        '입니다.', '😀')) AS words FROM seq_1_to_{SENTENCES};
    ALTER TABLE sentences ADD PRIMARY KEY (id)"""
NOISE = f"""CREATE TABLE noise ENGINE=InnoDB AS SELECT pages.seq AS id, GROUP_CONCAT(
    UNHEX(SHA2(CONCAT(pages.seq, ' ', parts.seq), 512)) ORDER BY parts.seq SEPARATOR '') AS bytes
    FROM seq_1_to_{NOISES} pages, seq_1_to_256 parts GROUP BY pages.seq;
    ALTER TABLE noise ADD PRIMARY KEY (id)"""
NOISE_PICKED = ", ".join(
    f"(SELECT bytes FROM noise WHERE id = 1 + CRC32(CONCAT('z{at}', seq)) % {NOISES})" for at in range(5)
)
