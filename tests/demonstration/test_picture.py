"""The picture of a session: what it shows of one, and that it stands alone."""

import re
from xml.etree import ElementTree

import pytest

from catalogues import LOCALES
from demonstration.picture import BORDER, END, PLAN, at_a_glance, picture
from testbed.problem import TestbedProblem

SESSION = """\
offline:~/vault$ ./import-package.sh --yes
[ 1/12] Verify the package
        done (0.0 s)
[ 3/12] Preflight
          ok       Ports are free
        done (3.5 s)
[ 5/12] Rehearse the migrations on a copy
        The files were copied while in use, with mariadb-backup, in 2.1 s.
        2 migrations fit the data (4.5 s)

Nothing has changed so far. The plan:
  Replace Vault 2.1.1 by 2.1.2
  Stop: db

[12/12] Record the release
        .airlock/site.json (0.0 s)

Vault 2.1.2 is in operation.
  http://vm:8080/
offline:~$ tar -xzf vault_2.1.3_package.tar.gz
"""
SHOWN = """\
offline:~/vault$ ./import-package.sh --yes
[ 1/12] Verify the package
        done (0.0 s)
[ 3/12] Preflight
        done (3.5 s)
[ 5/12] Rehearse the migrations on a copy
        2 migrations fit the data (4.5 s)

Nothing has changed so far. The plan:
  Replace Vault 2.1.1 by 2.1.2
  …

[12/12] Record the release
        .airlock/site.json (0.0 s)

Vault 2.1.2 is in operation.
"""


def test_it_shows_each_step_with_its_result_and_ends_with_the_success() -> None:
    assert "".join(f"{line}\n" for line, _ in at_a_glance(SESSION.splitlines())) == SHOWN


def test_it_is_drawn_without_anything_from_elsewhere() -> None:
    drawn = picture("An upgrade", SESSION)
    assert set(re.findall(r"https?://[^\"&<\s]+", drawn)) == {"http://www.w3.org/2000/svg"}
    texts = [text for element in ElementTree.fromstring(drawn).iter() if (text := element.text or "").strip()]
    words = " ".join(texts).replace("\xa0", " ").split()
    assert [word for word in SHOWN.split() if word not in words] == []


@pytest.mark.parametrize("words", ["Nothing has changed so far.", "  Replace ", " is in operation."])
def test_words_that_have_changed_are_named(words: str) -> None:
    with pytest.raises(TestbedProblem) as raised:
        picture("An upgrade", SESSION.replace(words, "otherwise"))
    assert words in str(raised.value)


def test_its_words_are_those_of_an_import() -> None:
    catalogue = (LOCALES / "ko.po").read_text()  # its sources are the English texts
    assert f'msgid "{BORDER}' in catalogue
    assert f'msgid "{PLAN.strip()} ' in catalogue
    assert f'{END}"\n' in catalogue
