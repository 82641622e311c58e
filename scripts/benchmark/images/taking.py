"""Measures manual work, the engine alone and Airlock in turn, each from the same state."""

import os
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmark.images import measures as m
from benchmark.images.engine import engine_processes, expect, forget, layer_folders, on_site
from benchmark.images.layers import layer_file
from benchmark.images.project import APPLICATION, write_project
from benchmark.images.releases import BenchImage, give, references
from benchmark.images.turns import PAUSES_BETWEEN_ROUNDS, in_turns
from benchmark.images.watched import Cost, watched
from benchmark.markdown import megabytes
from benchmark.sources import SOURCES
from packager.compression.codecs import codec_of
from packager.file.part_files import SHA256_ENDING
from testbed.command import output_of

NOW, NEXT = "1.0.0", "2.0.0"
COMPRESSION = {m.ZSTD: "zstd", m.PLAIN: "none"}


@dataclass
class ImageBench:
    """A folder on a server, and the measurements there; `results` collects them by the measures' names."""

    versions: dict[str, tuple[BenchImage, ...]]  # the images of this version and of the next
    work: Path
    memory: Path  # a folder in memory
    pause_seconds: float
    tell: Callable[[str], None]
    results: dict[str, list[Cost]] = field(default_factory=lambda: defaultdict(list))

    def prepare(self) -> None:
        """Loads both versions into the engine; writes their projects to disk and an archive to memory."""
        give(self.now)
        give(self.changed)
        for version, images in self.versions.items():
            write_project(self.work / version, images)
        output_of("docker", "save", "-o", self.memory / "images.tar", *references(self.now))

    @property
    def now(self) -> tuple[BenchImage, ...]:
        """Returns the images of this version."""
        return self.versions[NOW]

    @property
    def changed(self) -> tuple[BenchImage, ...]:
        """Returns the images that only the next version has."""
        return tuple(image for image in self.versions[NEXT] if image not in self.now)

    @property
    def changed_bytes(self) -> int:
        """Returns the size of their own layers, compressed as in a package."""
        codec = codec_of("gzip")
        files = [layer_file(image.top) for image in self.changed]
        return sum(len(codec.pack(block)) for file in files for block in _blocks(file, codec.block_bytes))

    def export(self, pairs: int) -> None:
        """Measures all exports."""
        self.take(m.PLAIN)
        self.take(m.FILL_CACHE)
        often = (m.HAND_EXPORT, m.GZIP, m.SAVE, m.ZSTD, m.NEXT, m.SAVE_CHANGED)
        for names in in_turns(often, pairs):
            time.sleep(PAUSES_BETWEEN_ROUNDS * self.pause_seconds)
            for name in names:
                self.take(name)
        for name in (m.DELTA, *m.FLOORS):
            self.take(name)

    def take_over(self, pairs: int) -> None:
        """Measures all imports, into an engine without the images; every other round in reverse order."""
        with on_site():
            for number in range(pairs):
                full = (m.HAND_IMPORT, m.IMPORT, m.LOAD)
                for name in full if number % 2 == 0 else reversed(full):
                    self._load(name, self.now)
                self._load(m.IMPORT_DELTA, self.changed)
                self.take(m.IMPORT_PRESENT)
                forget(references(self.changed))
            self._load(m.IMPORT_ZSTD, self.now)

    def take(self, name: str) -> Cost:
        """Runs a measure once, after a pause in which the disk becomes idle."""
        self._make_ready(name)
        cost = self.run(name, self._words(name), self._reads(name))
        made = self._made(name)
        if made:
            cost = replace(cost, size_bytes=made.stat().st_size)
        self.results[name].append(cost)
        return cost

    def run(self, name: str, words: Sequence[str | Path], reads: Sequence[Path]) -> Cost:
        """Runs a command once and shows its cost, without recording it, with `reads` in the page cache."""
        for place in reads:
            _into_page_cache(place)
        os.sync()
        time.sleep(self.pause_seconds)
        cost = watched(words, self.work, _environment(), engine_processes())
        self.tell(f"  {name}: {cost.seconds:.1f} s, {megabytes(cost.peak_bytes)}")
        return cost

    def package(self, name: str) -> Path:
        """Returns the package that this measure creates."""
        made = (self.work / "packages" / _folder(name)).glob(f"{APPLICATION}_{_version(name)}*.tar*")
        (package,) = (path for path in made if path.suffix != SHA256_ENDING)
        return package

    def _load(self, name: str, images: Sequence[BenchImage]) -> None:
        forget(references(images))
        self.take(name)
        expect(references(images))

    def _make_ready(self, name: str) -> None:
        """Removes old output: a new file costs less than truncating one."""
        shutil.rmtree(self.work / "packages" / _folder(name), ignore_errors=True)
        (self.work / "packages" / _folder(name)).mkdir(parents=True, exist_ok=True)
        if name == m.NEXT:
            _put_back(self.work / "filled", self.work / "cache")
        if name == m.HAND_EXPORT:
            for left in self.work.glob("images.tar*"):
                left.unlink()

    def _words(self, name: str) -> tuple[str | Path, ...]:
        if name in m.LINES:
            return ("bash", "-c", self.typed(name))
        if name in m.IMPORTS:
            return (*python("benchmark.images.importing"), self._imported(name), self._place(name))
        version = _version(name)
        words = export_words(self.work / version / APPLICATION, version, self._place(name))
        return (*words, *self._options(name))

    def _reads(self, name: str) -> tuple[Path, ...]:
        """Returns the files and folders that it reads, except those in memory."""
        if name in m.EXPORTS:
            return (*layer_folders(), *((self.work / "cache",) if name == m.NEXT else ()))
        if name == m.HAND_IMPORT:
            return (self.work / "images.tar.gz",)
        return (self._imported(name),) if name in m.IMPORTS and name != m.LOAD else ()

    def typed(self, name: str) -> str:
        """Returns the command as typed by hand here."""
        changed = " ".join(f"docker save {name} > /dev/null &" for name in references(self.changed))
        return m.LINES[name].format(
            images=" ".join(references(self.now)), changed=changed, memory=self.memory
        )

    def _options(self, name: str) -> tuple[str | Path, ...]:
        if name in COMPRESSION:
            return ("--compression", COMPRESSION[name])
        if name == m.FILL_CACHE:
            return ("--cache", self.work / "filled")
        if name == m.NEXT:
            return ("--cache", self.work / "cache")
        return ("--since", self.package(m.GZIP)) if name == m.DELTA else ()

    def _place(self, name: str) -> Path:
        return self.work / "packages" / _folder(name)

    def _imported(self, name: str) -> Path:
        return self.package({m.IMPORT_ZSTD: m.ZSTD, m.IMPORT_DELTA: m.DELTA}.get(name, m.GZIP))

    def _made(self, name: str) -> Path | None:
        if name == m.HAND_EXPORT:
            return self.work / "images.tar.gz"
        return self.package(name) if name in m.EXPORTS and name not in m.LINES else None


def python(module: str) -> tuple[str, ...]:
    """Returns the command that starts a module of Airlock or of the benchmark."""
    return (sys.executable, "-m", module)


def export_words(project: Path, version: str, output: Path) -> tuple[str | Path, ...]:
    """Returns the command for `airlock export`."""
    words = (*python("packager"), "export", version, "--runtime", "none")
    return (*words, "--project", project, "--output", output)


def _into_page_cache(place: Path) -> None:
    """Reads files into the page cache: some kernels evict pages that were not read for a minute."""
    for path in place.rglob("*") if place.is_dir() else (place,):
        if path.is_file() and not path.is_symlink():
            for _block in _blocks(path, 1 << 20):
                continue


def _blocks(path: Path, size_bytes: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(size_bytes), b"")


def _put_back(source: Path, target: Path) -> None:
    """Restores the cache; its files are never modified, so links are enough."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=os.link)


def _version(name: str) -> str:
    return NEXT if name in (m.NEXT, m.DELTA) else NOW


def _folder(name: str) -> str:
    return str((*m.EXPORTS, *m.IMPORTS, *m.FLOORS).index(name))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{SOURCES}:{SOURCES / 'scripts'}", "LC_ALL": "C.UTF-8"}
