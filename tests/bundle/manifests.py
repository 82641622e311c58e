"""Hypothesis strategies for valid manifests."""

from hypothesis import strategies as st

from installer.bundle.layout import folded
from installer.bundle.manifest.manifest import (
    Application,
    Base,
    Image,
    Layer,
    Manifest,
    Requirements,
    Smoke,
    Source,
)
from tests.bundle.builders import CONTENTS, a_manifest

printable = st.characters(whitelist_categories=("L", "M", "N", "P", "S"), whitelist_characters=" ")
words = st.text(printable, max_size=20)
hexes = st.binary(min_size=32, max_size=32).map(bytes.hex)
digests = hexes.map("sha256:{}".format)
versions = st.tuples(*[st.integers(0, 99)] * 3).map(lambda numbers: ".".join(map(str, numbers)))
sizes = st.integers(0, 2**63)
parts = st.text(
    st.characters(
        whitelist_categories=("L", "M", "N", "P", "S"), whitelist_characters=" ", blacklist_characters="/"
    ),
    min_size=1,
    max_size=60,
).filter(lambda part: part not in (".", ".."))
paths = st.lists(parts, min_size=1, max_size=4).map("/".join)
shippable = paths.map("shipped/{}".format)

layers = st.builds(Layer, diff_id=digests, size_bytes=sizes)
images = st.builds(
    Image,
    reference=st.from_regex(r"[a-z0-9]{1,9}(/[a-z0-9]{1,9})?:[a-z0-9.-]{0,0}[a-z0-9]{1,9}", fullmatch=True),
    id=digests,
    platform=st.just("linux/amd64"),
    layers=st.lists(layers, max_size=3).map(tuple),
)


def _bases(diff_ids: list[str]) -> st.SearchStrategy[Base]:
    left_out = st.sets(st.sampled_from(diff_ids)) if diff_ids else st.just(set[str]())
    releases = st.tuples(st.none(), st.none()) | st.tuples(versions, hexes)
    return st.builds(lambda release, layers: Base("p", *release, tuple(sorted(layers))), releases, left_out)


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    shipped = draw(st.lists(shippable, max_size=3, unique_by=lambda path: folded(path).split("/")[1]))
    used = tuple(draw(st.lists(images, max_size=3, unique_by=(lambda i: i.reference, lambda i: i.id))))
    diff_ids = sorted({diff_id for image in used for diff_id in image.diff_ids})
    return a_manifest(
        {**CONTENTS, **{path: draw(st.binary(max_size=9)) for path in shipped}},
        application=Application(
            draw(st.from_regex(r"[a-z][a-z_-]*", fullmatch=True)), draw(words), draw(versions), "p"
        ),
        source=Source(
            draw(st.none() | st.just("a" * 40)), draw(st.none() | words), draw(st.booleans()), None
        ),
        built_with=draw(words),
        images=used,
        base=draw(st.none() | _bases(diff_ids)),
        smoke=draw(st.none() | st.builds(Smoke, url=st.just("http://x"), version=st.none() | words)),
        upgrade_from=draw(st.none() | versions.map(">={}".format)),
        requirements=Requirements(draw(versions), draw(versions)),
        libraries=tuple(draw(st.lists(words, max_size=3))),
    )
