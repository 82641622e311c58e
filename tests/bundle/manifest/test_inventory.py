"""The inventory that a person carries out of a site: its grammar, and how damage is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.manifest.inventory import Installed, Inventory, dump_inventory, parse_inventory
from installer.errors import UsageProblem
from tests.bundle.manifests import digests, hexes, versions

names = st.sampled_from(["customer_vault", "Vault 2 - new.x", "v"])
inventories = st.builds(
    Inventory,
    written_at=st.just("2026-11-22T09:15:00Z"),
    platform=st.sampled_from(["linux/amd64", "linux/arm/v7"]),
    engine=st.sampled_from(["26.1.5+dfsg1", "20.10.24"]),
    store=st.sampled_from(["classic", "containerd"]),
    installed=st.none() | st.builds(Installed, names, versions, hexes),
    chains=st.lists(digests, max_size=3).map(tuple),
)
SITE = Inventory(
    "2026-11-22T09:15:00Z",
    "linux/amd64",
    "26.1.5+dfsg1",
    "classic",
    Installed("customer_vault", "2.1.1", "0" * 64),
    (f"sha256:{'a' * 64}", f"sha256:{'b' * 64}"),
)


def read(text: str) -> Inventory:
    return parse_inventory(text.encode(), "site.txt")


def refused(text: str) -> UsageProblem:
    with pytest.raises(UsageProblem) as problem:
        read(text)
    return problem.value


@given(inventories)
def test_what_is_written_is_read_back(inventory: Inventory) -> None:
    assert read(dump_inventory(inventory)) == inventory


@given(inventories)
def test_what_mail_and_editors_do_to_a_text_does_not_matter(inventory: Inventory) -> None:
    text = dump_inventory(inventory)
    mailed = "\ufeff" + text.replace("\n", " \r\n") + "\r\n\r\n"
    assert read(mailed) == inventory


@given(inventories, st.data())
def test_an_inventory_without_its_end_is_noticed(inventory: Inventory, data: st.DataObject) -> None:
    text = dump_inventory(inventory)
    cut = text[: data.draw(st.integers(0, len(text) - 2))]
    refused(cut)


@given(inventories, st.data())
def test_an_inventory_with_another_letter_is_noticed(inventory: Inventory, data: st.DataObject) -> None:
    text = dump_inventory(inventory)
    place = data.draw(st.integers(0, len(text) - 2))
    letter = data.draw(st.sampled_from("0f:x").filter(lambda one: one != text[place]))
    refused(text[:place] + letter + text[place + 1 :])


def test_an_inventory_without_one_line_is_told_as_edited() -> None:
    lines = dump_inventory(SITE).splitlines(keepends=True)
    told = refused("".join(lines[:-2] + lines[-1:]))
    assert told.happened == "site.txt is truncated or was edited: its last line does not match the rest."
    assert told.hint == "On the site, run in the release directory: ./airlock inventory > inventory.txt"


def test_a_newer_format_is_refused_by_that_alone() -> None:
    told = refused("airlock-inventory 7\nwhatever\n")
    assert told.happened == "site.txt has format 7; this program reads format 1."


def test_another_file_is_not_an_inventory() -> None:
    assert refused("hello\n").happened == refused("").happened == "site.txt is not an inventory."
    with pytest.raises(UsageProblem):
        parse_inventory(b"\xff\xfe\x00", "site.txt")


def test_all_wrong_values_are_told_together() -> None:
    odd = Inventory("yesterday", "windows", "26.1", "zfs", None, ("sha256:0",))
    assert refused(dump_inventory(odd)).details == (
        "written: must be a time like 2025-01-31T23:59:59Z: yesterday",
        "platform: must be a platform like linux/amd64: windows",
        "store: must be one of: classic, containerd: zfs",
        "chain: must be sha256: and 64 hexadecimal digits: sha256:0",
    )


def test_it_names_no_image_and_says_what_it_is_for() -> None:
    assert dump_inventory(SITE).splitlines()[:9] == [
        "airlock-inventory 1",
        "# What a site's Docker engine holds: digests of image layers, no names of images, no secrets.",
        "# Outside it makes a small package for this site: airlock export VERSION --for-site THIS-FILE",
        "written 2026-11-22T09:15:00Z",
        "platform linux/amd64",
        "engine 26.1.5+dfsg1",
        "store classic",
        "application customer_vault",
        "version 2.1.1",
    ]
