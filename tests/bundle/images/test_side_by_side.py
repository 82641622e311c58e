"""How images are divided into loads that run side by side."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.images.load_stream import Selection
from installer.bundle.images.side_by_side import side_by_side
from installer.bundle.manifest.manifest import Image, Layer

SIZES = {"b": 130, "w": 100, "d": 220, "s": 270, "k": 480, "x": 1, "y": 1}


def image(layers: str) -> Image:
    return Image(
        f"{layers}:1", f"sha256:{layers}", "linux/amd64", tuple(Layer(one, SIZES[one]) for one in layers)
    )


def loads(images: Sequence[str], sent: str = "".join(SIZES), most: int = 2) -> list[tuple[list[str], str]]:
    """The images and the layers of each load."""
    whole = Selection(tuple(map(image, images)), frozenset(sent) & frozenset("".join(images)))
    found = side_by_side(whole, most)
    return [
        ([one.id.removeprefix("sha256:") for one in load.images], "".join(sorted(load.layers)))
        for load in found
    ]


@pytest.mark.parametrize(
    ("images", "expected"),
    [
        (["bw", "bd", "bs", "bk"], [(["bw", "bk"], "bkw"), (["bd", "bs"], "bds")]),
        (["bk"], [(["bk"], "bk")]),
        (["kbx", "kby", "kb"], [(["kbx", "kby", "kb"], "bkxy")]),
        (["k", "s"], [(["k"], "k"), (["s"], "s")]),
        ([], []),
    ],
    ids=["over a base", "a single one", "almost alike", "nothing in common", "none"],
)
def test_images_go_apart_unless_they_have_more_in_common_than_of_their_own(
    images: list[str], expected: list[tuple[list[str], str]]
) -> None:
    assert loads(images) == expected


def test_a_layer_that_the_engine_has_already_keeps_no_images_together() -> None:
    assert loads(["kx", "ky"], sent="xy") == [(["kx"], "x"), (["ky"], "y")]


def test_one_load_is_the_whole_selection() -> None:
    assert loads(["bw", "bd", "k"], most=1) == [(["bw", "bd", "k"], "bdkw")]


@given(
    st.lists(st.text("bwdskxy", max_size=4).map(lambda text: "".join(dict.fromkeys(text))), unique=True),
    st.integers(1, 4),
)
def test_together_they_are_the_whole_and_each_can_be_loaded_alone(images: list[str], most: int) -> None:
    found = loads(images, most=most)
    assert len(found) <= most
    assert sorted(one for load, _layers in found for one in load) == sorted(images)
    assert all(load and set(layers) == set("".join(load)) for load, layers in found)
