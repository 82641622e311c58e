"""Takes the measures: by hand, the engine alone and ours in turn, each from the same state."""

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
from packager.compression.codecs import codec_of
from packager.file.part_files import SHA256_ENDING
from testbed.command import output_of

SOURCES = Path(__file__).resolve().parents[3]
NOW, NEXT = "1.0.0", "2.0.0"
COMPRESSION = {m.ZSTD: "zstd", m.PLAIN: "none"}


@dataclass
class ImageBench:
    """A folder on a server, and what was measured there; `results` grows, by the measures' names."""

    versions: dict[str, tuple[BenchImage, ...]]  # the images of this version and of the next
    work: Path
    memory: Path  # a folder in memory
    pause_seconds: float
    tell: Callable[[str], None]
    results: dict[str, list[Cost]] = field(default_factory=lambda: defaultdict(list))

    def prepare(self) -> None:
        """Both versions into the engine, their projects on the disk, their archive into memory."""
        give(self.now)
        give(self.changed)
        for version, images in self.versions.items():
            write_project(self.work / version, images)
        output_of("docker", "save", "-o", self.memory / "images.tar", *references(self.now))

    @property
    def now(self) -> tuple[BenchImage, ...]:
        """The images of this version."""
        return self.versions[NOW]

    @property
    def changed(self) -> tuple[BenchImage, ...]:
        """The images that the next version has and this one has not."""
        return tuple(image for image in self.versions[NEXT] if image not in self.now)

    @property
    def changed_bytes(self) -> int:
        """Their own layers, as a package compresses them."""
        codec = codec_of("gzip")
        files = [layer_file(image.top) for image in self.changed]
        return sum(len(codec.pack(block)) for file in files for block in _blocks(file, codec.block_bytes))

    def export(self, pairs: int) -> None:
        """Everything that makes packages."""
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
        """Everything that loads images, each into an engine that lacks them; every other round backwards."""
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
        """One run of a measure, after a pause in which the disk comes to rest."""
        self._make_ready(name)
        cost = self.run(name, self._words(name), self._reads(name))
        made = self._made(name)
        if made:
            cost = replace(cost, size_bytes=made.stat().st_size)
        self.results[name].append(cost)
        return cost

    def run(self, name: str, words: Sequence[str | Path], reads: Sequence[Path]) -> Cost:
        """One run of a command, told but not kept. What it `reads` is in the page cache."""
        for place in reads:
            _into_page_cache(place)
        os.sync()
        time.sleep(self.pause_seconds)
        cost = watched(words, self.work, _environment(), engine_processes())
        self.tell(f"  {name}: {cost.seconds:.1f} s, {megabytes(cost.peak_bytes)}")
        return cost

    def package(self, name: str) -> Path:
        """The package that this measure makes."""
        made = (self.work / "packages" / _folder(name)).glob(f"{APPLICATION}_{_version(name)}*.tar*")
        (package,) = (path for path in made if path.suffix != SHA256_ENDING)
        return package

    def _load(self, name: str, images: Sequence[BenchImage]) -> None:
        forget(references(images))
        self.take(name)
        expect(references(images))

    def _make_ready(self, name: str) -> None:
        """A new file costs less than one that must be emptied first."""
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
        """Files, and folders of files; what is read out of memory is not among them."""
        if name in m.EXPORTS:
            return (*layer_folders(), *((self.work / "cache",) if name == m.NEXT else ()))
        if name == m.HAND_IMPORT:
            return (self.work / "images.tar.gz",)
        return (self._imported(name),) if name in m.IMPORTS and name != m.LOAD else ()

    def typed(self, name: str) -> str:
        """The command line as a person types it here."""
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
    """The words that start a module of Airlock or of the benchmark."""
    return (sys.executable, "-m", module)


def compile_sources() -> None:
    """Give ours the bytecode that it has where it is installed, whatever the environment says."""
    output_of(*python("compileall"), "-q", SOURCES / "installer", SOURCES / "packager", SOURCES / "scripts")


def export_words(project: Path, version: str, output: Path) -> tuple[str | Path, ...]:
    """`airlock export`, as a person types it."""
    return (*python("packager"), "export", version, "--project", project, "--output", output)


def _into_page_cache(place: Path) -> None:
    """Some kernels take from memory what nobody has read for a minute."""
    for path in place.rglob("*") if place.is_dir() else (place,):
        if path.is_file() and not path.is_symlink():
            for _block in _blocks(path, 1 << 20):
                continue


def _blocks(path: Path, size_bytes: int) -> Iterator[bytes]:
    with path.open("rb") as file:
        yield from iter(lambda: file.read(size_bytes), b"")


def _put_back(source: Path, target: Path) -> None:
    """The cache as it was before; its files are never written to again, so links will do."""
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, copy_function=os.link)


def _version(name: str) -> str:
    return NEXT if name in (m.NEXT, m.DELTA) else NOW


def _folder(name: str) -> str:
    return str((*m.EXPORTS, *m.IMPORTS, *m.FLOORS).index(name))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": f"{SOURCES}:{SOURCES / 'scripts'}", "LC_ALL": "C.UTF-8"}
