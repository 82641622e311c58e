"""Bind mounts that never create a path of the host; all other text stays."""

import pytest

from packager.pinning.pin import pin


def pinned(volumes: str, more: str = "") -> str:
    text = f"services:\n  a:\n    image: x:1\n    volumes:\n{volumes}{more}"
    after = pin(text, "compose.yml", {"a": "x:1"}, complete=["a"])
    return after.partition("    volumes:\n")[2]


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("./d:/x", "{type: bind, source: ./d, target: /x, bind: {create_host_path: false}}"),
        ("../d:/x:rw", "{type: bind, source: ../d, target: /x, bind: {create_host_path: false}}"),
        (
            "'/srv/a b:/x:ro'",
            '{type: bind, source: "/srv/a b", target: /x, read_only: true, bind: {create_host_path: false}}',
        ),
        (
            "~/d:/x:ro,rslave",
            "{type: bind, source: ~/d, target: /x, read_only: true, "
            "bind: {propagation: rslave, create_host_path: false}}",
        ),
        ("./d:/x:cached", "{type: bind, source: ./d, target: /x, bind: {create_host_path: false}}"),
        (
            "${D:?where}/db:/x",
            '{type: bind, source: "${D:?where}/db", target: /x, bind: {create_host_path: false}}',
        ),
        (
            "./d:${T:-/x}",
            '{type: bind, source: ./d, target: "${T:-/x}", bind: {create_host_path: false}}',
        ),
        (
            "{type: bind, source: ./d, target: /x}",
            "{type: bind, source: ./d, target: /x, bind: {create_host_path: false}}",
        ),
        (
            "{type: bind, source: ./d, target: /x, bind: {propagation: shared}}",
            "{type: bind, source: ./d, target: /x, bind: {propagation: shared, create_host_path: false}}",
        ),
    ],
)
def test_a_bind_mount_is_said_not_to_create_its_path(written: str, becomes: str) -> None:
    assert pinned(f"      - {written} # why\n") == f"      - {becomes} # why\n"


@pytest.mark.parametrize(
    "written",
    [
        "data:/x",
        "/anonymous",
        "${D:-./d}:/x",
        "${D}:/x",
        "./d:/x:${MODE:-ro}",
        "./d:/x:ro,z",
        "./d:/x:Z",
        "{type: volume, source: d, target: /x}",
        "{type: bind, source: ./d, target: /x, bind: {selinux: z}}",
        "{type: bind, source: ./d, target: /x, bind: {create_host_path: false}}",
    ],
)
def test_volumes_what_may_be_one_and_relabelled_mounts_stay_as_they_are(written: str) -> None:
    assert pinned(f"      - {written} # why\n") == f"      - {written} # why\n"


def test_long_entries_in_block_style_get_one_more_line() -> None:
    before = """\
      - type: bind # long
        source: ./a
        target: /a # place

      - type: bind
        source: ./b
        target: /b
        bind:
          propagation: rslave
      - type: bind
        source: ./c
        target: /c
        bind: {create_host_path: true} # once
"""
    assert (
        pinned(before)
        == """\
      - type: bind # long
        source: ./a
        target: /a # place
        bind: {create_host_path: false}

      - type: bind
        source: ./b
        target: /b
        bind:
          propagation: rslave
          create_host_path: false
      - type: bind
        source: ./c
        target: /c
        bind: {create_host_path: false} # once
"""
    )


def test_anchors_keep_their_names_and_are_changed_once() -> None:
    long = "{type: bind, source: ./d, target: /x, bind: {create_host_path: false}}"
    assert pinned("      - &d ./d:/x # one\n      - *d\n") == f"      - &d {long} # one\n      - *d\n"


def test_a_file_in_json_stays_json() -> None:
    import json

    text = '{"services": {"a": {"image": "x:1", "volumes": ["./d:/x:ro", {"type": "bind", "source": "./e", '
    after = pin(text + '"target": "/y"}]}}}', "compose.json", {"a": "x:1"}, complete=["a"])
    never = {"bind": {"create_host_path": False}}
    assert json.loads(after)["services"]["a"]["volumes"] == [
        {"type": "bind", "source": "./d", "target": "/x", "read_only": True, **never},
        {"type": "bind", "source": "./e", "target": "/y", **never},
    ]
