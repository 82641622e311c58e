"""Finds the major version of a PostgreSQL server: no other one opens its data directory."""

import re

from installer.bundle.images.image_references import split_reference

Series = tuple[int, ...]
LAST_OF_TWO_NUMBERS = 9  # 9.6 was followed by 10


def series_of(reference: str) -> Series:
    """Returns the series in an image's tag, (17,) for `postgres:17.2-alpine`; empty when it names none.

    Images such as `pgvector:pg17` write it with letters before.
    """
    return series_of_version(re.sub(r"^(\d[\d.]*-)?pg(?=\d)", "", split_reference(reference).tag))


def series_of_version(version: str) -> Series:
    """Returns the series in a server's version text: (15,) for `15.18 (Debian 15.18-0+deb12u1)`."""
    found = re.match(r"(\d+)(?:\.(\d+))?", version)
    if found is None:
        return ()
    if int(found[1]) > LAST_OF_TWO_NUMBERS:
        return (int(found[1]),)
    return tuple(int(number) for number in found.groups() if number)


def are_same(one: Series, other: Series) -> bool:
    """Returns whether both may be the same series; an unknown series may be any."""
    return one[: len(other)] == other[: len(one)]
