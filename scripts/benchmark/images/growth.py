"""Measures how the cost grows with 1, 4 and 16 images, with separate layers and with the same layers."""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

from benchmark.images.engine import forget, layer_folders, on_site, remove
from benchmark.images.measures import wall_time
from benchmark.images.project import write_project
from benchmark.images.releases import BenchImage, alike, apart, give, references, size_bytes
from benchmark.images.taking import ImageBench, export_words, python
from benchmark.images.watched import Cost
from testbed.command import output_of

COUNTS = (1, 4, 16)


@dataclass(frozen=True)
class Point:
    """The costs for a number of images and bytes, also of the engine alone: each the run of median time."""

    images: int
    size_bytes: int
    save: Cost
    export: Cost
    load: Cost
    import_: Cost


def by_size(bench: ImageBench, rounds: int, *, large: bool) -> tuple[Point, ...]:
    """Measures 1 image of 0.3 GB, 4 of 1.2 GB and, if `large`, 16 of 5 GB: the same files, no layer twice."""
    remove(references((*bench.now, *bench.changed)))
    *small, most = COUNTS
    points = [_point(bench, apart(count), rounds) for count in small]
    return (*points, _point(bench, apart(most), rounds, loads=1)) if large else tuple(points)


def by_count(bench: ImageBench, rounds: int) -> tuple[Point, ...]:
    """Measures 1, 4 and 16 images of 0.3 GB in total."""
    return tuple(_point(bench, alike(count), rounds) for count in COUNTS)


def deviation(xs: Sequence[float], ys: Sequence[float]) -> float:
    """Returns the largest relative deviation of the figures from the best straight line.

    For three figures, that line is as far above one as below the others. Source: Chebyshev's alternation.
    """
    return max(map(_bend, combinations(sorted(zip(xs, ys, strict=True)), 3)))


def _bend(points: tuple[tuple[float, float], ...]) -> float:
    (x1, y1), (x2, y2), (x3, y3) = points
    between = y1 + (y3 - y1) * (x2 - x1) / (x3 - x1)  # on the line through the outer two
    return abs(y2 - between) / (y2 + between)


def _point(
    bench: ImageBench, images: Sequence[BenchImage], rounds: int, *, loads: int | None = None
) -> Point:
    """Measures save, export, load and import of these images. Leaves no image in the engine, and no file.

    They are saved and exported `rounds` times: the first is slow, just after the engine loaded them.
    """
    folder, names = bench.work / "growth", references(images)
    project, images_tar = write_project(folder, images), folder / "images.tar"
    size = f"{len(images)} images of {size_bytes(images) / 1e9:.1f} GB"
    median = partial(_median, bench, rounds, size)
    median_load = partial(_median, bench, loads or rounds, size)
    give(images)
    layers = layer_folders()
    save = median("the engine's save", _shell(f"docker save {' '.join(names)} > /dev/null"), layers)
    export = median(
        "export", export_words(project, "1.0.0", folder), layers, before=partial(_remove_packages, folder)
    )
    remove(names)
    (package,) = folder.glob("*.tar.gz")
    output_of("tar", "-xzf", package, "-C", folder, "--strip-components=1", "--wildcards", "*/images.tar")
    with on_site():
        load = median_load(
            "the engine's load",
            _shell(f"docker load < {images_tar}"),
            (images_tar,),
            before=partial(forget, names),
        )
        importing: tuple[str | Path, ...] = (*python("benchmark.images.importing"), package, folder / "site")
        import_ = median_load(
            "import", importing, (package,), before=partial(_make_site, folder / "site", names)
        )
        forget(names)
    shutil.rmtree(folder)
    return Point(len(images), size_bytes(images), save, export, load, import_)


def _median(
    bench: ImageBench,
    rounds: int,
    size: str,
    what: str,
    words: Sequence[str | Path],
    reads: Sequence[Path],
    before: Callable[[], object] = lambda: None,
) -> Cost:
    """Returns the run with the median time; `before` prepares each run."""
    costs = []
    for _round in range(rounds):
        before()
        costs.append(bench.run(f"{what}, {size}", words, reads))
    return sorted(costs, key=wall_time)[rounds // 2]


def _shell(line: str) -> tuple[str, ...]:
    return ("bash", "-c", line)


def _remove_packages(folder: Path) -> None:
    """Removes old packages: a new file costs less than truncating one."""
    for package in folder.glob("*.tar.gz*"):
        package.unlink()


def _make_site(folder: Path, without: Sequence[str]) -> None:
    """Makes an empty folder, and removes these images from the engine."""
    forget(without)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
