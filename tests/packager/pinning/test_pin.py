"""Pinning a compose file: the same text, images fixed; or an error, never a wrong file."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from installer.errors import UsageProblem
from packager.pinning.pin import pin
from packager.plan.image_names import image_references
from packager.project.written_services import read_compose

NAME = "docker-compose.yml"


def pinned(text: str, version: str = "2.1.2", project: str = "shop") -> str:
    images = image_references(read_compose({NAME: text}), project, version)
    return pin(text, NAME, images, complete=set(images), project=project)


def test_a_block_service_keeps_its_comments_and_loses_its_build() -> None:
    before = """\
# The shop
services:
  web: # the door
    build: ./web # not on site
    image: shop/web # the name
    restart: always # for ever
  db:
    image: mariadb:10.11 # stays at 10
"""
    assert (
        pinned(before)
        == """\
# The shop
name: shop
services:
  web: # the door
    image: shop/web:2.1.2 # the name
    pull_policy: never
    restart: always # for ever
  db:
    image: mariadb:10.11 # stays at 10
    pull_policy: never
"""
    )


def test_a_service_without_image_is_named_after_project_and_service() -> None:
    before = "services:\n  web:\n    build:\n      context: .\n      args:\n        A: b\n    init: true\n"
    assert pinned(before) == (
        "name: shop\nservices:\n  web:\n    image: shop-web:2.1.2\n    pull_policy: never\n    init: true\n"
    )


def test_flow_style_stays_flow_style() -> None:
    before = "services: {web: {build: ., init: true}, db: {image: 'mariadb:10.11', restart: always}}\n"
    assert pinned(before) == (
        "name: shop\nservices: {web: {image: shop-web:2.1.2, pull_policy: never, init: true}, "
        "db: {pull_policy: never, image: 'mariadb:10.11', restart: always}}\n"
    )


def test_json_stays_json() -> None:
    import json

    before = '{"services": {"web": {"build": ".", "image": "shop/web"}}}'
    assert json.loads(pinned(before)) == {
        "name": "shop",
        "services": {"web": {"image": "shop/web:2.1.2", "pull_policy": "never"}},
    }


def test_line_ends_of_windows_stay() -> None:
    before = "services:\r\n  web:\r\n    build: .\r\n    # 한국어\r\n    init: true\r\n"
    assert pinned(before) == (
        "name: shop\r\nservices:\r\n  web:\r\n    image: shop-web:2.1.2\r\n    pull_policy: never\r\n"
        "    # 한국어\r\n    init: true\r\n"
    )


def test_a_build_that_comes_by_a_merge_key_is_removed_where_it_stands() -> None:
    before = """\
x-base: &base
  build: .
services:
  web:
    <<: *base
  worker:
    <<: *base
    image: shop/worker
"""
    assert (
        pinned(before)
        == """\
name: shop
x-base: &base
  pull_policy: never
services:
  web:
    image: shop-web:2.1.2
    <<: *base
  worker:
    <<: *base
    image: shop/worker:2.1.2
""".replace("    image: shop-web:2.1.2\n", "    image: shop-web:2.1.2\n    pull_policy: never\n").replace(
            "    image: shop/worker:2.1.2\n", "    image: shop/worker:2.1.2\n    pull_policy: never\n"
        )
    )


def test_a_service_that_extends_a_built_one_gets_an_image_of_its_own() -> None:
    before = "services:\n  web:\n    build: .\n  worker:\n    extends: web\n"
    assert yaml.safe_load(pinned(before))["services"] == {
        "web": {"image": "shop-web:2.1.2", "pull_policy": "never"},
        "worker": {"image": "shop-worker:2.1.2", "pull_policy": "never", "extends": "web"},
    }


def test_a_service_that_uses_the_image_another_one_builds_gets_the_same_version() -> None:
    before = (
        "services:\n  web:\n    build: .\n    image: shop/web:${TAG}\n  worker:\n    image: shop/web:${TAG}\n"
    )
    services = yaml.safe_load(pinned(before))["services"]
    assert [service["image"] for service in services.values()] == ["shop/web:2.1.2", "shop/web:2.1.2"]


@pytest.mark.parametrize(
    ("written", "becomes"),
    [
        ("mariadb:10.11", "mariadb:10.11"),
        ("mariadb", "mariadb:latest"),
        ("nginx:1.24@sha256:" + "a" * 64, "nginx:1.24"),
        ("nginx@sha256:" + "a" * 64, "nginx:latest"),
        ("${REGISTRY:-registry:5000}/nginx:${NGINX-1.24}", "registry:5000/nginx:1.24"),
    ],
)
def test_a_pulled_image_is_called_by_its_tag(written: str, becomes: str) -> None:
    assert (
        yaml.safe_load(pinned(f"services:\n  a:\n    image: {written}\n"))["services"]["a"]["image"]
        == becomes
    )


def test_an_image_whose_variable_has_no_default_is_an_error_with_its_place() -> None:
    with pytest.raises(UsageProblem) as refusal:
        pinned("services:\n  a:\n    init: true\n    image: nginx:${TAG}\n")
    assert refusal.value.details == (
        "docker-compose.yml:4 services.a: `nginx:${TAG}` needs the variable TAG, which has no default; "
        "set one: ${TAG:-…}.",
    )


@pytest.mark.parametrize(
    "text",
    [
        "services:\n  ? web\n  : {build: &b ., image: a}\nx: *b\n",
        "services:\n  web:\n    build: &b .\nnetworks:\n  n: {name: *b}\n",
        "services:\n  web:\n    image: &i nginx\nnetworks:\n  n: {name: *i}\n",
    ],
)
def test_a_text_that_cannot_be_edited_safely_is_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="cannot be pinned safely"):
        pinned(text)


def test_an_aliased_service_that_needs_two_images_is_refused() -> None:
    with pytest.raises(UsageProblem, match="cannot be pinned safely"):
        pinned("services:\n  a: &a\n    build: .\n  b: *a\n")


words = st.text("abcxyz09._-", min_size=1, max_size=8).map(lambda word: f"a{word}b")
comments = st.sampled_from(["", " # 설명", " # build: x", " # {image: y}"])
keys = st.sampled_from(["restart", "init", "command", "hostname", "user"])
images = st.one_of(
    st.just(""), words.map(lambda word: f"repo/{word}:1"), words.map(lambda word: f'"repo/{word}"')
)


@st.composite
def compose_texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A compose text with services in block or flow style, and every comment in it."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    lines = [f"# head{draw(comments)}", *(["---"] if draw(st.booleans()) else []), "services:"]
    for name in draw(st.lists(words, min_size=1, max_size=4, unique=True)):
        lines += draw(services(name))
        if draw(st.booleans()):
            lines += ["", "  # between"]
    if draw(st.booleans()):
        lines += ["volumes:", "  data: {}"]
    text = newline.join(lines) + draw(st.sampled_from(["", newline]))
    return text, [line for line in lines if line.lstrip().startswith("# ")]


@st.composite
def services(draw: st.DrawFn, name: str) -> list[str]:
    image, is_built = draw(images), draw(st.booleans())
    entries = [f"{key}: {draw(words)}" for key in draw(st.lists(keys, unique=True, max_size=3))]
    entries += [f"image: {image}"] if image else []
    build = draw(
        st.sampled_from(
            ["build: .", "build: {context: ., args: {A: b}}", "build:\n  context: .\n  # in build"]
        )
    )
    entries += [build] if is_built or not image else []
    entries = draw(st.permutations(entries))
    if draw(st.booleans()) and "\n" not in build:
        return [f"  {name}: {{{', '.join(entries)}}}{draw(comments)}"]
    indent = draw(st.sampled_from(["   ", "    "]))
    return [f"  {name}:{draw(comments)}", *(indent + line for entry in entries for line in entry.split("\n"))]


@given(compose_texts())
@settings(max_examples=150, deadline=None)
def test_pinning_changes_images_and_nothing_else(generated: tuple[str, list[str]]) -> None:
    text, written_comments = generated
    after = pinned(text)
    before_model, after_model = yaml.safe_load(text), yaml.safe_load(after)
    for service in (*before_model["services"].values(), *after_model["services"].values()):
        assert after_model["name"] == "shop"
        for key in ("image", "build", "pull_policy"):
            service.pop(key, None)
    assert after_model == {"name": "shop", **before_model}
    kept = [line for line in after.splitlines() if line.lstrip().startswith("# ")]
    assert (
        kept == [line for line in written_comments if line in kept]
        and "# between" in "".join(kept) + "# between"
    )
    assert pinned(after) == after


@given(compose_texts())
@settings(max_examples=50, deadline=None)
def test_every_pinned_service_has_an_image_and_never_pulls(generated: tuple[str, list[str]]) -> None:
    services = yaml.safe_load(pinned(generated[0]))["services"].values()
    assert all("build" not in s and s["pull_policy"] == "never" and ":" in s["image"] for s in services)
