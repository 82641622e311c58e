from installer.errors import Refused
from installer.operations.preflight.findings.finding import failed, finding_of, obstacle_of


def test_an_error_that_a_check_runs_into_is_a_failure_with_all_its_words() -> None:
    problem = Refused("No.", details=["because"], hint="do this")
    assert finding_of(problem) == failed("No.", ["because"], hint="do this")


def test_a_file_that_may_not_be_read_is_a_failure_with_its_name(tmp_path) -> None:
    try:
        (tmp_path / "gone").stat()
    except OSError as obstacle:
        found = obstacle_of(obstacle)
    assert found == failed(
        f"A file cannot be examined: {tmp_path}/gone",
        ["No such file or directory"],
        hint="Run the command with sudo.",
    )
