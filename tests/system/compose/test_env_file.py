import os
from pathlib import Path

import pytest

from installer.system.compose.compose import Compose
from installer.system.compose.env_file import Setting, parse_settings, unset_references, values_of

FILES = {
    "CP949": "# 한글 주석\nA=값\nB=plain # 주석\n".encode("cp949") + b"C=\"caf\xe9\"\nD='caf\xe9'\n",
    "bytes": b"A=1\xc2\xa0\nB=\xe2\x82\nC=\xf0\x9f\nD=\xed\xa0\x80x\nE=\xc0\xafz\xf5\n",
    "colons": b"A: value\nB : spaced\nC:tight\nexport D: exp\nE:\nF::x\nG : 'q'\n",
    "dollars": b'A=$A0\nB="x$F"\nC=\'x$A\'\nD=pre$A\nE="a$$b"\nF=a$$b\nG="a\\$b"\nH="p$"\nI="p$5"\nJ=a$-b\n',
    "variables": b'A="${X}-${N:-d}-${D}"\nD=late\nB=${D-no}\nC=${N+alt}x\nE=${D:+alt}\nG=${N:-${D}}\nH="$D$N-"\n',  # noqa: E501
    "quotes": b'A=\'it\\\'s\'\nB="a\\"b\\tc\\\\d\\q\\x41\\0101e"\nC=\'a\\\\b\\n\'\nD=`x`\nE="two\nlines"\nF="q"tail\n',  # noqa: E501
    "line ends": b'\xef\xbb\xbfA=bom\r\nB=crlf\r\nC\nD=\n F=ind\nG=x=y\nexport H = sp\nI="a\r\nb"\nJ=last',
    "comments": b'A=a\\tb\nB=a#b#c\nC=#x\nD=a  # b\nE=a\t#b\nF="a\n#b"\n#G=1\n  # H=2\nI=trail  \nJ= lead\n',
    "twice": b"A=1\nA=2\nB=$A\nexportC=1\nexport\tD=2\n",
}
NAMES = "ABCDEFGHIJ"
SERVICE = "services:\n  web:\n    image: busybox\n    environment:\n" + "".join(
    f'      {name}: "${{{name}-unset}}"\n' for name in NAMES
)


@pytest.mark.engine
@pytest.mark.parametrize("raw", FILES.values(), ids=FILES)
def test_values_are_what_compose_makes_of_the_file(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / ".env").write_bytes(raw)
    (tmp_path / "docker-compose.yml").write_text(SERVICE)
    taken = Compose(tmp_path, ("docker-compose.yml",), "env-file").model().services["web"].environment
    ours = values_of(parse_settings(raw), os.environ)
    assert {name: ours.get(name, "unset") for name in NAMES} == {
        name: value.reveal() for name, value in taken.items()
    }


@pytest.mark.parametrize(
    "rest", [b"B C=2\n", b"D%=3\n", b'B="never closed\n', b"=2\n", b"'x'=1\n", b"\xb0\xaa=1\n"]
)
def test_what_compose_refuses_ends_the_reading(rest: bytes) -> None:
    assert parse_settings(b"A=1\n" + rest + b"E=5\n") == (Setting("A", "1", 1, is_literal=False),)


def test_a_setting_knows_its_line() -> None:
    raw = b"# one\nA=1\nB='two\nlines'\n\nC\nD: \"$x\"\n"
    assert parse_settings(raw) == (
        Setting("A", "1", 2, is_literal=False),
        Setting("B", "two\nlines", 3, is_literal=True),
        Setting("C", None, 6, is_literal=True),
        Setting("D", "$x", 7, is_literal=False),
    )


def test_a_name_alone_takes_its_value_from_the_shell() -> None:
    assert values_of(parse_settings(b"A\nB\n"), {"A": "of the shell"}) == {"A": "of the shell"}


def test_variables_that_nothing_sets_are_found_where_compose_takes_them_as_empty() -> None:
    raw = b"A=1\nP=\"pa$w0rd\"\nQ=x$A-$HOME\nR='pa$w0rd'\nS=$$x\nT=${U:-d}\nU=$A$P$V\nV=1\n"
    found = [
        (setting.name, setting.line, name)
        for setting, name in unset_references(parse_settings(raw), {"HOME": "/"})
    ]
    assert found == [("P", 2, "w0rd"), ("U", 7, "V")]
