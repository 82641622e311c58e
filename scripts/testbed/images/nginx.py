"""nginx:1.24, laid out as the official image: /etc/nginx/conf.d, /usr/share/nginx/html, logs on stdout."""

import shutil
from pathlib import Path

from testbed.images.busybox import PATH
from testbed.images.recipe import Recipe
from testbed.tree import add_applets, make_usable

WITHOUT = (
    "debconf",
    "dpkg",
    "gcc-12-base",
    "debianutils",
    "perl-base",
    "iproute2",
    "lib(bpf|elf)1",
    "libcap2-bin",
)
SETTINGS = """\
worker_processes auto;
pid /run/nginx.pid;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log /var/log/nginx/access.log;
    sendfile on;
    include /etc/nginx/conf.d/*.conf;
}
"""
DEFAULT_SITE = "server { listen 80; root /usr/share/nginx/html; }\n"


def _finish(root: Path) -> None:
    make_usable(root, user="www-data", uid=33)
    add_applets(root)
    for part in ("sites-enabled", "modules-enabled"):
        shutil.rmtree(root / "etc/nginx" / part, ignore_errors=True)
    for part in ("etc/nginx/conf.d", "var/log/nginx", "var/lib/nginx", "usr/share/nginx/html"):
        (root / part).mkdir(parents=True, exist_ok=True)
    (root / "etc/nginx/nginx.conf").write_text(SETTINGS)
    (root / "etc/nginx/conf.d/default.conf").write_text(DEFAULT_SITE)
    (root / "var/log/nginx/access.log").symlink_to("/dev/stdout")
    (root / "var/log/nginx/error.log").symlink_to("/dev/stderr")


NGINX = Recipe(
    "nginx:1.24",
    "bookworm",
    ("nginx", "busybox-static"),
    _finish,
    {
        "Env": [PATH],
        "Cmd": ["nginx", "-g", "daemon off;"],
        "ExposedPorts": {"80/tcp": {}},
        "StopSignal": "SIGQUIT",
    },
    WITHOUT,
)
