from pathlib import Path

from benchmark.document import HEAD, put_section


def test_a_new_document_has_a_head_and_the_section_between_its_marks(tmp_path: Path) -> None:
    path = tmp_path / "BENCHMARKS.md"
    put_section(path, "database", "fast")
    marks = "<!-- database: written by scripts/bench database -->", "<!-- end of database -->"
    assert path.read_text() == f"{HEAD}\n{marks[0]}\n\nfast\n\n{marks[1]}\n"


def test_a_section_is_replaced_and_everything_else_stays(tmp_path: Path) -> None:
    path = tmp_path / "BENCHMARKS.md"
    put_section(path, "database", "slow")
    put_section(path, "images", "small")
    before = path.read_text() + "\nA word by hand.\n"
    path.write_text(before)
    put_section(path, "database", "fast")
    assert path.read_text() == before.replace("slow", "fast")
    put_section(path, "images", "large")
    assert path.read_text() == before.replace("slow", "fast").replace("small", "large")
