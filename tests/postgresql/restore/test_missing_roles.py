"""The roles that a dump needs are read from its statements."""

import pytest

from installer.postgresql.restore.missing_roles import needed_roles


@pytest.mark.parametrize(
    ("statement", "roles"),
    [
        ("ALTER TABLE public.t OWNER TO app;", ["app"]),
        ('ALTER FUNCTION public.f(a text) OWNER TO "No ""One; x";', ['"No ""One; x"']),
        ("GRANT SELECT ON TABLE public.t TO reader WITH GRANT OPTION;", ["reader"]),
        ("GRANT ALL ON SCHEMA public TO PUBLIC;", []),
        ("REVOKE ALL ON TABLE public.t FROM app;", ["app"]),
        ("ALTER DEFAULT PRIVILEGES FOR ROLE a IN SCHEMA s GRANT SELECT ON TABLES TO b;", ["a", "b"]),
        ("ALTER DEFAULT PRIVILEGES FOR ROLE a REVOKE ALL ON TYPES FROM PUBLIC;", ["a"]),
        ("ALTER ROLE app IN DATABASE vault SET work_mem TO '9MB';", ["app"]),
        ("ALTER TABLE public.t ALTER COLUMN a SET DEFAULT ' OWNER TO x';", []),
        ("CREATE TABLE public.t (a text DEFAULT 'ALTER TABLE t OWNER TO x;');", []),
    ],
)
def test_owners_and_those_who_have_rights_are_needed(statement: str, roles: list[str]) -> None:
    assert list(needed_roles(statement)) == roles
