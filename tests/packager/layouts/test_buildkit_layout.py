"""A layout that BuildKit wrote, with the attestation that it adds by default."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from packager.images.image_configs import WantedImage
from packager.layouts.image_layout import open_layout
from packager.layouts.laid_image import laid_files
from tests.packager.images_tar import Engine, write
from tests.testbed.servers import Servers

NAME = "layout-test/web:1"

pytestmark = pytest.mark.engine


def built(servers: Servers, folder: Path) -> Path:
    """Built by the engine with containerd's store: the other one cannot write layouts."""
    server = servers.start("builds-28", engine="28", store="containerd")
    (folder / "context").mkdir()
    (folder / "context/page").write_text("hello\n")
    (folder / "context/Dockerfile").write_text("FROM scratch\nCOPY page /page\nCOPY page /again\n")
    output = f"type=oci,dest={folder}/layout,tar=false,name={NAME}"
    words = ("docker", "buildx", "build", "--provenance=true", "--output", output, folder / "context")
    subprocess.run(words, env={**os.environ, **server.environment()}, check=True)
    return folder / "layout"


def test_an_image_that_buildkit_wrote_is_read_with_all_its_layers(servers: Servers, tmp_path: Path) -> None:
    folder = built(servers, tmp_path)
    entry = json.loads((folder / "index.json").read_bytes())["manifests"][0]
    assert entry["mediaType"] == "application/vnd.oci.image.index.v1+json"
    layout = open_layout(folder)
    image = layout.image(NAME, entry["digest"], "linux/amd64")
    stored = image.stored
    wanted = WantedImage(NAME, stored.id, stored.platform, stored.diff_ids, is_laid=True)
    done = write(Engine(b""), tmp_path, wanted, read=lambda _ids: laid_files([image]))
    assert [(one.reference, one.diff_ids) for one in done.images] == [(NAME, stored.diff_ids)]
    assert len(done.layers) == len(stored.diff_ids) == 2
