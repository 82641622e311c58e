"""Defines generated tables, and the pools of words and noise for their texts and documents.

Every value is a function of its row number `n`, so that the same size always gives the same database.
"""

from dataclasses import dataclass

SENTENCES = 997  # a prime, so that choices of three rarely repeat
NOISES = 61  # incompressible pages of 16 KiB


@dataclass(frozen=True)
class Table:
    """A table without its later indexes, its rows, and its share of the whole.

    `rows` is SQL for the values of row `n`; {customers} and {orders} are the numbers of these.
    """

    name: str
    create: str
    indexes: tuple[str, ...]  # statements
    rows: str
    share: float  # of the size of the database, indexes included
    row_bytes: int  # about what one row takes, indexes included


def number(salt: str) -> str:
    """Returns SQL for a number from 0 to 2^31-1 that depends on `n`."""
    return f"(hashtext('{salt}' || n) & 2147483647)"


def choice(salt: str, *words: str) -> str:
    """Returns SQL for one of the words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return f"(ARRAY[{listed}])[1 + {number(salt)} % {len(words)}]"


def text_of(salt: str, sentences: int) -> str:
    """Returns SQL for a text that depends on `n`: sentences of the pool and a unique part."""
    picked = ", ".join(
        f"(SELECT words FROM sentences WHERE id = 1 + {number(f'{salt}{at}')} % {SENTENCES})"
        for at in range(sentences)
    )
    return f"concat_ws(' ', {picked}, md5('{salt}' || n))"


POOL = f"""CREATE TABLE sentences AS SELECT n AS id, concat_ws(' ',
    {
    choice(
        "a",
        "The customer",
        "Our colleague",
        "The driver",
        "Somebody",
        "고객이",
        "The office in Zürich",
        "A neighbour",
        "The warehouse",
    )
},
    {
    choice(
        "b",
        "called about",
        "returned",
        "asked for",
        "has not received",
        "요청한",
        "confirmed",
        "complained about",
        "paid for",
    )
},
    {choice("c", "parcel", "invoice", "contract", "delivery", "계약서", "offer", "cable", "meter")},
    to_hex({number("d")}),
    {choice("e", "on Monday.", "last week.", "again!", "in writing.", "입니다.", "😀")}) AS words
    FROM generate_series(1, {SENTENCES}) AS n;
    ALTER TABLE sentences ADD PRIMARY KEY (id)"""
NOISE = f"""CREATE TABLE noise AS SELECT page AS id,
    string_agg(sha512(convert_to(page || ' ' || part, 'UTF8')), ''::bytea ORDER BY part) AS bytes
    FROM generate_series(1, {NOISES}) AS page, generate_series(1, 256) AS part GROUP BY page;
    ALTER TABLE noise ADD PRIMARY KEY (id)"""
NOISE_PICKED = " || ".join(
    f"(SELECT bytes FROM noise WHERE id = 1 + {number(f'z{at}')} % {NOISES})" for at in range(5)
)
