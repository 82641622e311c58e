"""Tables on narrow pages."""

import pytest
from rich.cells import cell_len

from installer.screen.table import table_lines

LATIN = "/srv/" + "very-" * 20 + "long/customer_vault_2.1.2_package/.env"
KOREAN = "/srv/고객/금고/" + "매우긴이름의디렉터리" * 5 + "/customer_vault_2.1.2_package/.env"


@pytest.mark.parametrize("columns", [40, 41, 72, 80])
@pytest.mark.parametrize("path", [LATIN, KOREAN])
def test_a_path_that_is_wider_than_its_column_goes_on_in_the_next_line(path: str, columns: int) -> None:
    rows = [("ok", "Ports are free"), ("failed", f"Settings are missing in {path}.\n→ Run: cat {path}")]
    lines = table_lines(("Result", "Check"), rows, columns=columns)
    assert max(map(cell_len, lines)) <= columns
    assert "".join("".join(line[9:].split()) for line in lines[3:]) == (
        f"Settingsaremissingin{path}.→Run:cat{path}"
    )
    assert lines[3].startswith("  failed   Settings are")


def test_a_level_stays_in_one_line_beside_it() -> None:
    lines = table_lines(("결과", "확인"), [("경고", KOREAN)], columns=40, levels=["warning"])
    assert "경고" in lines[2]
    assert "…" not in "".join(lines)


def test_names_that_are_typed_are_whole_in_every_column() -> None:
    name = "backup_before_migration_20261129_023042.sql.gz"
    rows = [(name, "2026-11-29T02:30:42Z", "125.5 MiB")]
    lines = table_lines(("Backup", "Made at", "Size"), rows, columns=60)
    second = lines[0].index("Made at")
    assert "".join(line[:second].strip() for line in lines[2:]) == name
