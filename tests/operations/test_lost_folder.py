"""A folder that is gone is never made empty, neither by an import nor on the way back."""

import shutil

import pytest

from installer.errors import Refused
from tests.operations.small_site import WEB, SmallSite, site

__all__ = ["site"]
pytestmark = [pytest.mark.engine, pytest.mark.long]

LABELLED = f"""{WEB}
    command: sleep 1000
    volumes: ["./uploads:/uploads:z", "$PLACE:/elsewhere"]
"""


def test_nothing_goes_on_without_what_the_old_release_mounts(site: SmallSite) -> None:
    elsewhere = site.folder / "elsewhere"
    elsewhere.mkdir()
    old = site.release("1.0.0", LABELLED, None, "uploads")
    (old / ".env").write_text(f"PLACE={elsewhere}\n")
    site.import_(old)
    new = site.release("2.0.0", LABELLED, None, "uploads")
    (old / "uploads").rename(site.folder / "tidied away")
    with pytest.raises(Refused) as refused:
        site.import_(new)
    assert "  ".join(refused.value.details).count(f"{old}/uploads") >= 1
    assert not (old / "uploads").exists()
    assert not (new / "uploads").exists()

    (site.folder / "tidied away").rename(old / "uploads")
    site.import_(new)
    shutil.move(elsewhere, site.folder / "unmounted")
    with pytest.raises(Refused) as refused:
        site.roll_back(new)
    assert f"web needs {elsewhere}, which is missing." in refused.value.details
    assert not elsewhere.exists()
    (site.folder / "unmounted").rename(elsewhere)
    site.roll_back(new)
    assert site.says("web", "ls", "/elsewhere") == ""
