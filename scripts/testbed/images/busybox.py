"""busybox:1, the smallest image with a shell."""

from pathlib import Path

from testbed.images.recipe import Recipe
from testbed.tree import add_applets, make_usable

PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _finish(root: Path) -> None:
    make_usable(root, user="app", uid=1000)
    add_applets(root)


BUSYBOX = Recipe(
    "busybox:1", "bookworm", ("busybox-static",), _finish, {"Env": [PATH], "Cmd": ["sh"]}, ("libc6",)
)
