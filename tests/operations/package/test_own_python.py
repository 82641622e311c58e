"""A package's own Python, as its manifest shows it."""

import pytest

from installer.bundle.layout import RUNTIME_LOADERS, RUNTIME_PYTHON
from installer.bundle.manifest.manifest import File, Manifest
from installer.bundle.manifest.manifest_file import dump_manifest, parse_manifest
from installer.errors import BadPackage
from installer.operations.package.inspect_ import describe, document
from tests.bundle.builders import a_manifest


def with_python(machine: str) -> Manifest:
    manifest = a_manifest()
    python = File(RUNTIME_PYTHON, "1" * 64, 3 << 20, 0o755)
    loader = File(RUNTIME_LOADERS[machine], "2" * 64, 1 << 20, 0o755)
    files = tuple(sorted((*manifest.files, python, loader), key=lambda file: file.path))
    return a_manifest(files=files, libraries=(*manifest.libraries, "Python 3.11.2"))


def test_inspect_shows_its_version_and_size() -> None:
    assert "Has its own Python 3.11.2, 4.0 MiB" in describe(with_python("amd64"))
    assert document(with_python("amd64"))["python_size_bytes"] == 4 << 20
    assert document(a_manifest())["python_size_bytes"] == 0


def test_a_python_for_another_platform_is_refused_with_its_file() -> None:
    assert parse_manifest(dump_manifest(with_python("amd64")))
    with pytest.raises(BadPackage) as refusal:
        parse_manifest(dump_manifest(with_python("arm64")))
    assert refusal.value.details == ("files: runtime/lib/ld-linux-aarch64.so.1 is not for linux/amd64",)
