import pytest

from tests.agreement.compare import Alarm, Answer, Miss, alarms, misses
from tests.agreement.rehearsed import Count
from tests.agreement.trial import Trial
from tests.agreement.verdict import Verdict

SQL = "ALTER TABLE t …"
ROWS = frozenset({("t", 1), ("t", 2)})


def found(codes: tuple[str, ...], answer: Answer) -> list[tuple[str, str]]:
    return [(miss.what, miss.did) for miss in misses(SQL, Verdict(codes, False), "11.8", answer)]


@pytest.mark.parametrize(
    ("told", "codes_that_say_it", "others", "miss"),
    [
        ({"fails": 1062}, ("MF101",), ("MY130", "DS103"), ("fails", "error 1062")),
        ({"refused": 1091, "fails": 1091}, ("AL120",), ("CD101",), ("fails", "error 1091")),
        ({"blocks": True}, ("MY130",), ("AL112",), ("blocks", "blocks writes")),
        ({"silent": ROWS}, ("AL103",), ("AL112", "BC102", "CD101"), ("changes", "changes 2 rows")),
        ({"silent": ROWS}, ("DS103",), (), ("changes", "changes 2 rows")),
        ({"lost": ROWS}, ("AL102",), ("AL103",), ("loses", "removes 2 rows")),
    ],
)
def test_what_no_code_says_is_a_miss(
    told: dict[str, object],
    codes_that_say_it: tuple[str, ...],
    others: tuple[str, ...],
    miss: tuple[str, str],
) -> None:
    answer = Answer(
        Trial("t", **told),  # type: ignore[arg-type]
        None,
    )
    assert (found(others, answer), found((*others, *codes_that_say_it), answer)) == ([miss], [])


def test_a_number_of_the_rehearsal_is_all_of_the_rows_or_says_that_it_is_not() -> None:
    failing = Trial("t", fails=1062, offending=frozenset({1, 2}))

    def counted(rows: set[int], *, is_whole: bool, is_counted_right: bool = True) -> list[tuple[str, str]]:
        count = Count(frozenset(rows), is_whole, is_counted_right, ())
        return found(("MF101",), Answer(failing, count))

    assert counted({1, 2}, is_whole=True) == counted({1}, is_whole=False) == []
    assert counted({1}, is_whole=True) == [("counts", "rows [1, 2], counted [1]")]
    assert counted({3}, is_whole=False) == [("counts", "rows [1, 2], counted [3]")]
    assert counted({1, 2}, is_whole=True, is_counted_right=False) == [
        ("counts", "a number is not that of its SELECT")
    ]


def test_a_number_of_changed_rows_is_the_real_one() -> None:
    changed, failing = Trial("t", silent=ROWS), Trial("t", fails=1264, silent=ROWS, offending=frozenset({3}))

    def counted(trial: Trial, rows: set[int] | None) -> list[tuple[str, str]]:
        return found(("AL150", "AL112"), Answer(trial, None, None if rows is None else frozenset(rows)))

    assert counted(changed, {1, 2}) == counted(failing, {1, 2, 3}) == counted(changed, None) == []
    assert counted(changed, {1}) == [("counts", "changes rows [1, 2], counted [1]")]
    assert counted(changed, set()) == [("counts", "changes rows [1, 2], counted []")]
    assert counted(Trial("t"), {1}) == [("counts", "changes rows [], counted [1]")]


def test_an_alarm_is_right_if_any_server_makes_it_true() -> None:
    verdict = Verdict(("AL112", "MY130"), False)
    answers = {"10.5": Answer(Trial("t", blocks=True), None), "11.8": Answer(Trial("t"), None)}
    assert list(alarms(SQL, verdict, answers)) == [
        Alarm(SQL, "AL112", ("may_fail",), False),
        Alarm(SQL, "MY130", ("blocks_writes",), True),
    ]


def test_what_a_refused_statement_would_have_done_is_neither_right_nor_false() -> None:
    answers = {"11.8": Answer(Trial("t", fails=1091, refused=1091), None)}
    assert list(alarms(SQL, Verdict(("DS103", "AL120"), False), answers)) == [
        Alarm(SQL, "AL120", ("may_fail",), True)
    ]


def test_a_miss_names_statement_server_and_what_was_said() -> None:
    answer = Answer(Trial("t", fails=1062), None)
    assert list(misses(SQL, Verdict(("MY130",), False), "10.5", answer)) == [
        Miss(SQL, "10.5", "fails", "error 1062", ("MY130",))
    ]
