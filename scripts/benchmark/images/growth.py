"""How the cost grows: 1, 4, 16 images of 0.3 to 5 GB, and as many of 0.3 GB together; a line through it."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean

from benchmark.images.engine import forget
from benchmark.images.project import write_project
from benchmark.images.releases import BenchImage, copies, give, many, references, size_bytes
from benchmark.images.taking import ImageBench, export_words, python
from benchmark.images.watched import Cost
from testbed.command import output_of


@dataclass(frozen=True)
class Point:
    """So many images of so many bytes, exported and imported once; what the engine's part took alone."""

    images: int
    size_bytes: int
    save: Cost
    export: Cost
    load: Cost
    import_: Cost


def by_size(bench: ImageBench, *, large: bool) -> tuple[Point, ...]:
    """1 image of 0.3 GB, 4 of 1.3 GB and, if `large`, 16 of 5.3 GB."""
    forget(references((*bench.now, *bench.changed)))  # images of other measures have the same layers
    sizes = (many(1), copies(1), *((copies(4),) if large else ()))
    return tuple(_point(bench, images) for images in sizes)


def by_count(bench: ImageBench, one: Point) -> tuple[Point, ...]:
    """`one` image of 0.3 GB; 4 and 16 images of the same layers."""
    return (one, *(_point(bench, many(count)) for count in (4, 16)))


def deviation(xs: Sequence[float], ys: Sequence[float]) -> float:
    """How far the figures lie off the straight line that fits them best: the largest part of it."""
    mean_x, mean_y = mean(xs), mean(ys)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys, strict=True)) / sum(
        (x - mean_x) ** 2 for x in xs
    )
    fitted = [mean_y + slope * (x - mean_x) for x in xs]
    return max(abs(y - fit) / fit for y, fit in zip(ys, fitted, strict=True))


def _point(bench: ImageBench, images: Sequence[BenchImage]) -> Point:
    folder = bench.work / "growth"
    project = write_project(folder, images)
    give(images)
    names = " ".join(references(images))
    name = f"{len(images)} images, {size_bytes(images) / 1e9:.1f} GB"
    save = bench.run(f"the engine's save of {name}", _shell(f"docker save {names} > /dev/null"))
    export = bench.run(f"export of {name}", export_words(project, "1.0.0", folder))
    forget(references(images))
    (package,) = folder.glob("*.tar.gz")
    output_of("tar", "-xzf", package, "-C", folder, "--strip-components=1", "--wildcards", "*/images.tar")
    load = bench.run(f"the engine's load of {name}", _shell(f"docker load < {folder}/images.tar"))
    forget(references(images))
    import_ = bench.run(f"import of {name}", (*python("benchmark.images.importing"), package, folder))
    forget(references(images))
    shutil.rmtree(folder)
    return Point(len(images), size_bytes(images), save, export, load, import_)


def _shell(line: str) -> tuple[str, ...]:
    return ("bash", "-c", line)
