"""Versions from real Git repositories."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from installer.errors import Refused, UsageProblem
from packager.git.chosen_version import choose_version, other_tag
from packager.git.git_source import read_tree

PERSON = ("-c", "user.name=Engineer", "-c", "user.email=engineer@example.org")
Git = Callable[..., str]


@pytest.fixture
def git(tmp_path: Path) -> Git:
    """Runs Git in `tmp_path`, a repository with one commit."""

    def run(*words: str) -> str:
        done = subprocess.run(
            ("git", "-C", str(tmp_path), *PERSON, *words), capture_output=True, text=True, check=True,
            env={**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null"},
        )  # fmt: skip
        return done.stdout

    run("init", "--quiet")
    (tmp_path / "page").write_text("1")
    run("add", ".")
    run("commit", "--quiet", "--message", "first")
    return run


def commit(git: Git) -> None:
    git("commit", "--quiet", "--allow-empty", "--message", "more")


def refusal(directory: Path, told: str | None = None) -> tuple[str, str]:
    with pytest.raises(UsageProblem) as refused:
        choose_version(directory, told)
    assert refused.value.exit_code == 2
    return refused.value.happened, refused.value.hint


@pytest.mark.parametrize("tag", ["v2.1.2", "2.1.2", "v2.2.0-rc.1"])
def test_the_tag_of_the_commit_is_the_version(git: Git, tmp_path: Path, tag: str) -> None:
    git("tag", tag)
    assert choose_version(tmp_path, None) == tag.removeprefix("v")


@pytest.mark.parametrize(
    ("tag", "offered"),
    [("v1.0.0", "1.0.1"), ("1.2", "1.2.1"), ("v2.0.0-rc.1", "2.0.0"), ("nightly", "2.1.2")],
)
def test_a_commit_behind_a_tag_is_no_release(git: Git, tmp_path: Path, tag: str, offered: str) -> None:
    git("tag", tag)
    commit(git)
    described = git("describe", "--tags").strip()
    said = (
        f"{described} is not a release version: this commit comes after the tag {tag}.",
        f"Specify the version: airlock export {offered}",
    )
    assert refusal(tmp_path) == refusal(tmp_path, described) == said
    assert choose_version(tmp_path, "1.0.1") == "1.0.1"


def test_a_changed_tree_is_not_its_tag(git: Git, tmp_path: Path) -> None:
    git("tag", "v1.0.0")
    (tmp_path / "page").write_text("2")
    said = (
        "v1.0.0-dirty is not a release version: there are uncommitted changes after v1.0.0.",
        "Commit and tag the changes, or specify the version: airlock export 1.0.1",
    )
    assert refusal(tmp_path) == refusal(tmp_path, "v1.0.0-dirty") == said


def test_a_commit_without_any_tag_has_no_version(git: Git, tmp_path: Path) -> None:
    assert refusal(tmp_path)[0] == "No version was specified, and there is no Git tag to take it from."


def test_a_version_that_is_not_that_of_the_commits_tag_is_noticed(git: Git, tmp_path: Path) -> None:
    git("tag", "v2.1.2")
    assert other_tag(read_tree(tmp_path), "2.1.3") == "v2.1.2"
    assert other_tag(read_tree(tmp_path), "2.1.2.0") is None
    git("tag", "v2.1.3")
    git("tag", "nightly")
    assert other_tag(read_tree(tmp_path), "2.1.3") is None


def test_packages_that_lie_about_do_not_make_a_tree_dirty(git: Git, tmp_path: Path) -> None:
    for name in (
        "shop_2.1.1_package.tar.gz", "shop_2.1.1_package.tar.gz.sha256", "shop_2.1.1_package.tar.zst.001",
        "out/shop_2.1.2_package_since_2.1.1.tar.gz", "out/shop_2.1.2_package_for_site.tar",
        "shop_2.1.1_package/manifest.json",
    ):  # fmt: skip
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert (read_tree(tmp_path).changed, read_tree(tmp_path).source.dirty) == ((), False)


def test_what_makes_a_tree_dirty_is_named(git: Git, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("2")
    (tmp_path / "한 글").write_text("x")
    git("mv", "page", "other page")
    (tmp_path / "my_package.tar.gz").write_text("x")
    tree = read_tree(tmp_path)
    assert (tree.changed, tree.source.dirty) == (("other page", "my_package.tar.gz", "한 글"), True)


def test_asking_git_leaves_its_index_as_it_is(git: Git, tmp_path: Path) -> None:
    git("tag", "v2.1.2")
    index = (tmp_path / ".git/index").read_bytes()
    os.utime(tmp_path / "page", (1_700_000_000, 1_700_000_000))  # as after a copy
    assert (choose_version(tmp_path, None), read_tree(tmp_path).changed) == ("2.1.2", ())
    assert (tmp_path / ".git/index").read_bytes() == index


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a checkout away")
def test_a_checkout_of_another_user_is_refused_with_the_way_to_trust_it(git: Git, tmp_path: Path) -> None:
    git("tag", "2.1.2")
    (tmp_path / "app").mkdir()
    for place in (tmp_path, tmp_path / ".git"):
        os.chown(place, 4242, 4242)
    with pytest.raises(Refused) as refused:
        choose_version(tmp_path / "app", None)
    assert (refused.value.happened, refused.value.hint) == (
        f"Git refuses to read {tmp_path}: it belongs to another user.",
        f"Run: git config --global --add safe.directory {tmp_path}",
    )
    with pytest.raises(Refused):
        read_tree(tmp_path / "app")
