from pathlib import Path

from installer.site.running.lost_mounts import LostMount, lost_mounts
from installer.system.compose.compose import Mount, Service


def test_bind_mounts_without_a_source_are_lost_and_links_to_nowhere_too(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "link").symlink_to("gone")
    names = ("there", "link", "gone")
    mounts = tuple(Mount("bind", str(tmp_path / name), f"/{name}", True) for name in names)
    web = Service("web", "web:1", None, {}, (*mounts, Mount("volume", "v", "/v", False)), (), (), False, "no")
    assert lost_mounts([web]) == (LostMount("web", tmp_path / "link"), LostMount("web", tmp_path / "gone"))
