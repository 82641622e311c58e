"""The database service of a release with one major version, and its image in the engine."""

from installer.system.compose.model import Service
from installer.system.process.process import output_of
from installer.system.secret import Secret
from testbed.images import RECIPES
from testbed.images.recipe import image_archive
from tests.postgresql.live_postgresql import PASSWORD

ENVIRONMENT = {"POSTGRES_PASSWORD": Secret(PASSWORD), "POSTGRES_DB": Secret("app")}


def service(major: int) -> Service:
    """As a compose file would describe it."""
    return Service("db", f"postgres:{major}", None, ENVIRONMENT, (), (), (), False, "no")


def loaded(major: int) -> None:
    """Loads the image into the engine of the tests."""
    output_of(("docker", "load", "--quiet", "--input", str(image_archive(RECIPES[f"postgres:{major}"]))))
