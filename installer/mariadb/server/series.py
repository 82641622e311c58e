"""Compares release series of database servers: a newer one changes data files so that an older one fails.

All callers use this one rule, as far as both series are known.
"""

import re

from installer.bundle.images.image_references import split_reference

Series = tuple[int, ...]


def series_of(reference: str) -> Series:
    """Returns the series in an image's tag, (10, 11) for `mariadb:10.11.8`; empty when it names none."""
    return series_of_version(split_reference(reference).tag)


def series_of_version(version: str) -> Series:
    """Returns the series in a server's version text: (10, 11) for `10.11.19-MariaDB`.

    The rest of a version does not change the files.
    """
    found = re.match(r"(\d+)(?:\.(\d+))?", version)
    return tuple(int(number) for number in found.groups() if number) if found else ()


def are_same(one: Series, other: Series) -> bool:
    """Returns whether both may be the same series: `10` and `10.11` may, and an unknown series may be any."""
    return one[: len(other)] == other[: len(one)]
