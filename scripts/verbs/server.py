"""Starts private servers for manual experiments, each with its own Docker engine and without any network.

scripts/server up NAME [--engine 28] [--image mariadb:11.8 …]   start one, with the base images
scripts/server up NAME --store containerd                       one with containerd's image store
scripts/server up NAME --dirty FOLDER                           one with a site, long in use, below FOLDER
scripts/server run NAME -- docker ps                            run a command on it
scripts/server down NAME                                        stop it and delete all its data
scripts/server list                                             list all servers
"""

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from testbed.cache import cache_folder
from testbed.dirty.installation import build_and_install, live_in
from testbed.engine import GENERATIONS
from testbed.images import ONLINE, RECIPES
from testbed.life import start, stop, sweep
from testbed.machine import require_machine
from testbed.problem import TestbedProblem
from testbed.server import Server, find, server_folder
from testbed.signals import end_cleanly_when_told


def main() -> None:
    asked = _arguments()
    end_cleanly_when_told()
    try:
        require_machine()
        {"up": _up, "run": _run, "down": _down, "list": _list}[asked.verb](asked)
    except TestbedProblem as problem:
        sys.exit(str(problem))


def _up(asked: argparse.Namespace) -> None:
    sweep()
    started = start(asked.name, images=asked.image or ONLINE, engine=asked.engine, store=asked.store)
    if asked.dirty:
        installed = live_in(build_and_install(started, asked.dirty))
        print(f"2.1.1 was installed by hand in {installed.directory}")
    print(f"Server {asked.name} is running. Try: scripts/server run {asked.name} -- docker images")


def _run(asked: argparse.Namespace) -> None:
    chosen = find(asked.name)
    words = chosen.command(*(asked.words or ["bash"]))
    os.execvpe(words[0], words, chosen.environment())


def _down(asked: argparse.Namespace) -> None:
    stop(Server(server_folder(asked.name)))


def _list(_asked: argparse.Namespace) -> None:
    for folder in sorted((cache_folder() / "servers").glob("*")):
        print(folder.name)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(usage=(__doc__ or "").partition("\n\n")[2])
    verbs = parser.add_subparsers(dest="verb", required=True)
    up = verbs.add_parser("up")
    up.add_argument("name")
    up.add_argument("--engine", choices=GENERATIONS, default="26")
    up.add_argument("--store", choices=("classic", "containerd"), default="classic")
    up.add_argument("--image", action="append", choices=tuple(RECIPES), help="only these base images")
    up.add_argument("--dirty", type=Path, help="empty folder for an installation by hand")
    run = verbs.add_parser("run")
    run.add_argument("name")
    run.add_argument("words", nargs="*")
    verbs.add_parser("down").add_argument("name")
    verbs.add_parser("list")
    return parser.parse_args()


if __name__ == "__main__":
    main()
