"""The table of engines: written from what was seen, kept for what was not tried again."""

from datetime import datetime, timezone

from verbs.engines import HEAD, NOT_TRIED, report

NOW, LATER = datetime(2026, 11, 30, tzinfo=timezone.utc), datetime(2026, 12, 1, tzinfo=timezone.utc)
UNTRIED = "".join(f"| {name} | – | not tried | {why} | – | – |\n" for name, why in NOT_TRIED.items())


def case(engine: str, code: int, words: str = "", command: str = "import") -> dict[str, str | int]:
    return {"engine": engine, "way": "a real one", "command": command, "exit_code": code, "words": words}


def test_what_is_served_comes_first_and_what_was_not_tried_last() -> None:
    seen = [case("Podman", 3, "This is Podman."), case("Docker 26", 0), case("Docker 20", 6, "a | b")]
    assert (
        report("", seen, NOW)
        == HEAD
        + (
            "| Docker 26 | import | served | – | a real one | 2026-11-30 |\n"
            "| Docker 20 | import | failed with 6 | a / b | a real one | 2026-11-30 |\n"
            "| Podman | import | refused in words | This is Podman. | a real one | 2026-11-30 |\n"
        )
        + UNTRIED
    )


def test_a_later_run_replaces_only_what_it_tried() -> None:
    before = report("", [case("Docker 26", 0), case("Docker 26", 0, command="export"), case("A", 3)], NOW)
    assert (
        report(before, [case("Docker 26", 7)], LATER)
        == HEAD
        + (
            "| Docker 26 | export | served | – | a real one | 2026-11-30 |\n"
            "| A | import | refused in words | – | a real one | 2026-11-30 |\n"
            "| Docker 26 | import | failed with 7 | – | a real one | 2026-12-01 |\n"
        )
        + UNTRIED
    )


def test_what_is_tried_in_the_end_is_no_longer_listed_as_not_tried() -> None:
    page = report(report("", [case("A", 0)], NOW), [case("Docker 29", 0)], NOW)
    assert [line for line in page.splitlines() if "Docker 29" in line] == [
        "| Docker 29 | import | served | – | a real one | 2026-11-30 |"
    ]
