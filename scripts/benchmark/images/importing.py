"""What `airlock import PACKAGE` does until the images are there, in a process of its own:

    python -m benchmark.images.importing PACKAGE FOLDER

The package is unpacked into the folder, verified (step 1) and its images are loaded (step 4), as in
`installer.operations.import_.import_`. What lies between and behind looks at a site and starts services.
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
