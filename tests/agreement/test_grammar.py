from tests.agreement.grammar import sample, statements


def test_the_grammar_makes_many_statements_and_none_twice() -> None:
    made = statements()
    assert len(made) >= 300 and len(set(made)) == len(made)


def test_the_sample_is_of_every_kind_of_statement() -> None:
    verbs = {sql.split()[0] for sql in sample()}
    assert 35 <= len(sample()) <= 45 and {"ALTER", "CREATE", "INSERT", "UPDATE", "DELETE"} <= verbs
