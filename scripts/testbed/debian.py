"""Downloads Debian packages through apt with a separate state, without changing the machine's packages.

The machine's apt settings (proxy, credentials, certificates) apply; its sources and its state do not.
"""

import atexit
import functools
import os
import re
import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from testbed.cache import cache_folder
from testbed.command import output_of
from testbed.problem import TestbedProblem

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
UNSTABLE = "unstable"  # the only suite without security updates of its own
PLANNED = re.compile(r"^Inst (\S+) (?:\[\S+\] )?\((\S+) .*?\[(\w+)\]", re.MULTILINE)


@dataclass(frozen=True)
class Suite:
    """A Debian release as an apt state in `folder`, with its index."""

    name: str
    folder: Path

    def apt(self, *words: str) -> str:
        return output_of("apt-get", "-qq", "-c", self.folder / "apt.conf", *words)

    def download(self, packages: Sequence[str], folder: Path) -> list[Path]:
        """Downloads only these packages into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        output_of("sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", folder, "apt-get", "-qq", "-c",
                  self.folder / "apt.conf", "download", *packages)  # fmt: skip
        return sorted(folder.glob("*.deb"))

    def download_with_dependencies(self, packages: Sequence[str], *, without: Collection[str]) -> list[Path]:
        """Downloads packages and all dependencies, except those whose names match a pattern of `without`."""
        self.apt("--yes", "--download-only", "install", *packages)
        dropped = re.compile("|".join(without) or "(?!)")
        planned = PLANNED.findall(self.apt("--yes", "--simulate", "install", *packages))
        return [self._archive(*parts) for parts in planned if not dropped.fullmatch(parts[0])]

    def _archive(self, name: str, version: str, architecture: str) -> Path:
        return self.folder / "archives" / f"{name}_{version.replace(':', '%3a')}_{architecture}.deb"


@functools.cache
def suite(name: str) -> Suite:
    """Returns the suite ("bookworm", "trixie", "unstable"); downloads its index once per process."""
    made = Suite(name, cache_folder() / f"apt-{name}-{os.getpid()}")
    atexit.register(shutil.rmtree, made.folder, ignore_errors=True)
    _write_settings(made)
    try:
        made.apt("update")
    except TestbedProblem as problem:
        raise TestbedProblem(
            f"The package index of Debian {name} cannot be fetched from {mirror()}. {problem.happened}",
            "Check the network, or specify a reachable mirror: DEB_MIRROR=http://mirror.example/debian",
        ) from problem
    return made


def mirror() -> str:
    """Returns the Debian archive that this machine uses, such as `http://mirror.example/debian`."""
    if "DEB_MIRROR" in os.environ:
        return os.environ["DEB_MIRROR"].rstrip("/")
    listed = output_of("apt-get", "indextargets", "--format", "$(ORIGIN)\t$(REPO_URI)").splitlines()
    used = [line.split("\t")[1] for line in listed if "\t" in line]
    found = next((uri.rstrip("/") for uri in used if re.search(r"/debian/?$", uri)), None)
    if found is None:
        raise TestbedProblem(
            "The package sources of this machine contain no Debian archive.",
            "Specify one: DEB_MIRROR=http://mirror.example/debian",
        )
    return found


def _write_settings(made: Suite) -> None:
    if not KEYRING.exists():
        raise TestbedProblem(
            f"The keys of the Debian archive ({KEYRING}) are missing on this machine.",
            "apt-get install debian-archive-keyring",
        )
    for part in ("lists/partial", "archives/partial"):
        (made.folder / part).mkdir(parents=True, exist_ok=True)
    (made.folder / "status").touch()
    sources = [f"deb [signed-by={KEYRING}] {mirror()} {made.name} main"]
    if made.name != UNSTABLE:
        sources.append(f"deb [signed-by={KEYRING}] {mirror()}-security {made.name}-security main")
    (made.folder / "sources.list").write_text("".join(f"{line}\n" for line in sources))
    (made.folder / "apt.conf").write_text(_settings(made.folder))


def _settings(folder: Path) -> str:
    return f"""\
Dir::State "{folder}"; Dir::State::status "{folder}/status"; Dir::State::lists "{folder}/lists";
Dir::Cache "{folder}"; Dir::Cache::archives "{folder}/archives";
Dir::Etc::sourcelist "{folder}/sources.list"; Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
APT::Install-Recommends "false"; APT::Sandbox::User "root";
Acquire::Languages "none"; Acquire::Retries "3"; Debug::NoLocking "true";
APT::Update::Error-Mode "any";
"""
