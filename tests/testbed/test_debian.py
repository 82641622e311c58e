"""How the test bed reads apt's words; the rest of it is tested by every test that runs on a server."""

import pytest

from testbed.debian import PLANNED, mirror

SIMULATED = """\
Inst libc6 (2.36-9+deb12u10 Debian:12.11/stable [amd64])
Inst iproute2 [6.1.0-3] (6.1.0-3+b1 Debian:12.11/stable, Debian-Security:12/stable-security [amd64]) []
Inst tzdata (1:2025b-0 Debian:12.11/stable [all]) [x:amd64 ]
Conf libc6 (2.36-9+deb12u10 Debian:12.11/stable [amd64])
"""


def test_a_simulated_installation_names_every_package_file() -> None:
    assert PLANNED.findall(SIMULATED) == [
        ("libc6", "2.36-9+deb12u10", "amd64"),
        ("iproute2", "6.1.0-3+b1", "amd64"),
        ("tzdata", "1:2025b-0", "all"),
    ]


def test_a_mirror_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEB_MIRROR", "http://mirror.example/debian/")
    assert mirror() == "http://mirror.example/debian"
