"""Which database server is newer, and so changes the data's files so that an older one cannot read them.

One rule for everybody who asks: the release series, as far as both sides say it.
"""

import re

Series = tuple[int, ...]


def series_of(reference: str) -> Series:
    """The release series by the image's tag, (10, 11) for `mariadb:10.11.8`; empty when it does not say."""
    return _series(reference.rpartition("/")[2].partition(":")[2].partition("@")[0])


def series_of_version(version: str) -> Series:
    """The release series of a running server by its own words, such as `10.11.19-MariaDB`."""
    return _series(version)


def are_same(one: Series, other: Series) -> bool:
    """Whether both may be the same series: `10` and `10.11` may, and whoever says nothing may be any."""
    return one[: len(other)] == other[: len(one)]


def _series(text: str) -> Series:
    """`10.11` or `8.4`: what follows in a version keeps the files as they are."""
    found = re.match(r"(\d+)(?:\.(\d+))?", text)
    return tuple(int(number) for number in found.groups() if number) if found else ()
