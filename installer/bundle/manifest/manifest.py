"""Describes a package, as its manifest does. FORMAT.md specifies each field."""

from dataclasses import dataclass

from installer.bundle.layout import FORMAT, USUAL_FORMAT

FIRST_ENGINE = "mariadb"  # the only one of formats 1 and 2


@dataclass(frozen=True)
class Application:
    """The packaged application. `project` is the name of the Compose project."""

    name: str
    title: str
    version: str
    project: str


@dataclass(frozen=True)
class Source:
    """The source of the build. `committed_at` is UTC."""

    revision: str | None
    tag: str | None
    dirty: bool
    committed_at: str | None


@dataclass(frozen=True)
class Layer:
    """A layer of an image: `diff_id` is `sha256:` and the digest of its uncompressed tar."""

    diff_id: str
    size_bytes: int


@dataclass(frozen=True)
class Image:
    """An image: `id` is `sha256:` and the digest of its config; layers begin with the lowest."""

    reference: str
    id: str
    platform: str
    layers: tuple[Layer, ...]

    @property
    def diff_ids(self) -> tuple[str, ...]:
        """Returns the diff IDs of its layers, the lowest first."""
        return tuple(layer.diff_id for layer in self.layers)


@dataclass(frozen=True)
class Base:
    """What a site must already have. `layers` are the diff IDs that images need and images.tar leaves out.

    `files` are the paths of listed files that the package leaves out. The base is a release, with its version
    and the digest of its manifest.json, or a site's inventory, with both None.
    """

    application: str
    version: str | None
    manifest_sha256: str | None
    layers: tuple[str, ...]
    files: tuple[str, ...] = ()


@dataclass(frozen=True)
class File:
    """A file of the package: `sha256` in bare hexadecimal digits, `mode` 0o644 or 0o755."""

    path: str
    sha256: str
    size_bytes: int
    mode: int


@dataclass(frozen=True)
class MigrationEntry:
    """A migration and the digest of its `migration.sql`."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Database:
    """A database: its Compose service, the folder of its migrations in the package, and these, in order.

    `engine` is the kind of its server, such as `mariadb`, `prisma` the version of the Prisma that its project
    has, None if that is not known; formats 1 and 2 never say it.
    """

    service: str
    folder: str
    migrations: tuple[MigrationEntry, ...] = ()
    engine: str = FIRST_ENGINE
    prisma: str | None = None


@dataclass(frozen=True)
class Smoke:
    """A URL that answers if the release works, and the place of the version in its JSON."""

    url: str
    version: str | None


@dataclass(frozen=True)
class Requirements:
    """The lowest versions of the site's Docker engine and Compose."""

    engine: str
    compose: str


@dataclass(frozen=True)
class Manifest:
    """The description of a package. `files` lists all files except manifest, signature and checksums.

    Without a `base`, images.tar carries all layers; so does every package of format 1.
    """

    format: int
    application: Application
    source: Source
    built_with: str
    platform: str
    compose_files: tuple[str, ...]
    images: tuple[Image, ...]
    base: Base | None
    files: tuple[File, ...]
    databases: tuple[Database, ...]
    state: tuple[str, ...]
    smoke: Smoke | None
    upgrade_from: str | None
    requirements: Requirements
    libraries: tuple[str, ...]

    @property
    def migrations(self) -> tuple[MigrationEntry, ...]:
        """Returns the migrations of all databases."""
        return tuple(one for database in self.databases for one in database.migrations)

    @property
    def left_out(self) -> tuple[str, ...]:
        """Returns the diff IDs of the layers that images.tar lacks because its base has them."""
        return self.base.layers if self.base else ()

    @property
    def left_out_files(self) -> tuple[File, ...]:
        """Returns the files that the package lacks because its base has them."""
        paths = frozenset(self.base.files if self.base else ())
        return tuple(file for file in self.files if file.path in paths)

    @property
    def carried_files(self) -> tuple[File, ...]:
        """Returns the files that are in the package."""
        left_out = frozenset(self.left_out_files)
        return tuple(file for file in self.files if file not in left_out)

    @property
    def carried(self) -> frozenset[str]:
        """Returns the diff IDs of the layers in images.tar."""
        return frozenset(diff_id for image in self.images for diff_id in image.diff_ids) - {*self.left_out}


def format_of(base: Base | None, databases: tuple[Database, ...]) -> int:
    """Returns the format of a package with this base and these databases: the oldest that can describe it."""
    is_usual = not databases or [one.engine for one in databases] == [FIRST_ENGINE]
    return USUAL_FORMAT if is_usual and not (base and base.files) else FORMAT
