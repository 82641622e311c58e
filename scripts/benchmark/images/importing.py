"""Runs the part of `airlock import PACKAGE` that loads the images, in its own process:

    python -m benchmark.images.importing PACKAGE FOLDER

Unpacks the package into the folder, verifies it (step 1) and loads its images (step 4), as in
`installer.operations.import_.import_`. The other steps inspect a site and start services.
"""

import sys
from pathlib import Path

from installer.operations.images.load_images import load_images
from installer.operations.package.unpack import unpack
from installer.operations.package.verify import verify_directory
from installer.screen.console import Console
from installer.system.docker.docker import Engine


def main() -> None:
    package, into = map(Path, sys.argv[1:])
    console = Console()
    unpacked = unpack(package, into, console)
    manifest = verify_directory(unpacked.directory, console)
    engine = Engine.connect()
    load_images(engine, manifest, unpacked.directory, package, console)


if __name__ == "__main__":
    main()
