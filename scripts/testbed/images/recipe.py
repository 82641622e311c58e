"""From a recipe to an image archive for `docker load`, written without an engine, once per recipe."""

import hashlib
import json
import os
import tarfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from testbed.cache import forget_old, kept, working_folder
from testbed.command import output_of
from testbed.debian import suite
from testbed.tree import unpack

SOURCES = Path(__file__).parent
BUILT_AT = "2026-01-01T00:00:00Z"


@dataclass(frozen=True)
class Recipe:
    """How an image is made: packages of a suite, minus some, finished by a function; `config` as in OCI."""

    reference: str
    suite: str
    packages: tuple[str, ...]
    finish: Callable[[Path], None]
    config: Mapping[str, object]
    without: tuple[str, ...] = field(default=())


def image_archive(recipe: Recipe) -> Path:
    """The archive of this image in the cache; a changed recipe makes a new one."""
    name = f"image-{recipe.reference.replace(':', '_')}"
    archive = kept(f"{name}-{fingerprint(SOURCES)}.tar", lambda archive: _make(recipe, archive))
    forget_old(f"{name}-*.tar", but=archive)
    return archive


def fingerprint(folder: Path) -> str:
    """Of all recipes and the files they put in: a change of any makes all images anew.

    Bytecode does not count: while another process writes it, its name ends in a number.
    """
    sources = sorted(path for path in folder.rglob("*") if "__pycache__" not in path.parts and path.is_file())
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in sources)).hexdigest()[:12]


def _make(recipe: Recipe, archive: Path) -> None:
    with working_folder() as work:
        packages = suite(recipe.suite).download_with_dependencies(recipe.packages, without=recipe.without)
        unpack(packages, work / "root")
        recipe.finish(work / "root")
        output_of("tar", "-c", "-f", work / "layer.tar", "--sort=name", "--mtime=@0", "--numeric-owner",
                  "-C", work / "root", ".")  # fmt: skip
        _write_archive(recipe, work / "layer.tar", archive)


def _write_archive(recipe: Recipe, layer: Path, archive: Path) -> None:
    """The layout every engine reads: manifest.json, the image's config, the layer."""
    config = json.dumps(_image_config(recipe, _sha256(layer))).encode()
    config_name = f"{hashlib.sha256(config).hexdigest()}.json"
    manifest = [{"Config": config_name, "RepoTags": [recipe.reference], "Layers": ["layer.tar"]}]
    (layer.parent / config_name).write_bytes(config)
    (layer.parent / "manifest.json").write_text(json.dumps(manifest))
    with tarfile.open(archive, "w") as tar:
        for name in ("manifest.json", config_name, "layer.tar"):
            tar.add(layer.parent / name, arcname=name)


def _image_config(recipe: Recipe, diff_id: str) -> dict[str, object]:
    return {
        "architecture": {"x86_64": "amd64", "aarch64": "arm64"}.get(os.uname().machine, os.uname().machine),
        "os": "linux",
        "created": BUILT_AT,
        "config": recipe.config,
        "rootfs": {"type": "layers", "diff_ids": [f"sha256:{diff_id}"]},
        "history": [{"created": BUILT_AT, "created_by": "test bed, from Debian packages"}],
    }


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as content:
        for block in iter(lambda: content.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()
