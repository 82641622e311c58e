import pytest
from hypothesis import given
from hypothesis import strategies as st

from installer.bundle.layout import folded, is_inside, package_stem, parents, path_problem, shown


def test_a_package_is_named_by_application_and_version() -> None:
    assert package_stem("customer-vault", "2.1.2") == "customer_vault_2.1.2_package"
    assert package_stem("Customer Vault.io", "2.1.2-rc.1") == "customer_vault_io_2.1.2-rc.1_package"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("", "is empty"),
        ("/etc/passwd", "is absolute"),
        ("..", "leaves the directory through `..`"),
        ("a/../b", "leaves the directory through `..`"),
        ("a//b", "has an empty or `.` part"),
        ("./a", "has an empty or `.` part"),
        ("a/", "has an empty or `.` part"),
        ("a\nb", "contains unprintable characters"),
        ("a\x1b[2Jb", "contains unprintable characters"),
        ("a\u202eb", "contains unprintable characters"),
        ("a\udcffb", "contains unprintable characters"),
        ("a" * 256, "has a part that is longer than 255 bytes"),
        ("a/" * 600 + "a", "is longer than 1024 bytes"),
    ],
)
def test_a_path_that_could_do_harm_is_refused(path: str, problem: str) -> None:
    assert path_problem(path) == problem


@pytest.mark.parametrize(
    "path", ["a", ".env.example", "a/..b", "it's a $(rm -rf ~)/`x`", 'a\\b"', "한국어/파일.sql"]
)
def test_every_other_path_is_allowed(path: str) -> None:
    assert path_problem(path) is None


def test_paths_that_differ_in_case_or_composition_fold_to_one() -> None:
    assert folded("README.md") == folded("readme.MD")
    assert folded("caf\u00e9") == folded("cafe\u0301")
    assert folded("a/b") != folded("a/c")


def test_parents_are_the_folders_above() -> None:
    assert parents("a/b/c") == ("a", "a/b")
    assert parents("a") == ()


def test_a_folder_holds_itself_and_what_is_below() -> None:
    assert is_inside("data", ("data",))
    assert is_inside("data/x", ("logs", "data"))
    assert not is_inside("database", ("data",))


@given(st.text())
def test_shown_text_is_always_printable_and_leaves_printable_text_alone(text: str) -> None:
    assert shown(text).isprintable()
    if text.isprintable():
        assert shown(text) == text
