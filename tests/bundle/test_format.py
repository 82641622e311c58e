"""FORMAT.md says what the code does."""

import re
import subprocess
from pathlib import Path

from installer.bundle import layout, package_stream
from installer.bundle.archive import entry_rules, tar_stream
from installer.bundle.manifest.manifest_file import dump_manifest
from tests.bundle.builders import a_manifest, a_package_file, root_of

TEXT = re.sub(r"\s*\n\s*(?=\S)", " ", (Path(layout.__file__).parent / "FORMAT.md").read_text())


def test_every_key_of_the_manifest_is_specified() -> None:
    keys = set(re.findall(r'"([a-z_0-9]+)": ', dump_manifest(a_manifest()).decode()))
    assert sorted(key for key in keys if not re.search(rf"`[a-z_.\[\]]*\b{key}\b", TEXT)) == []


def test_every_fixed_path_and_limit_is_specified() -> None:
    paths = (*layout.SELF_DESCRIBING, *layout.REQUIRED, *layout.SITE_OWNED, layout.IMAGES, layout.ENV_EXAMPLE)
    assert [path for path in paths if f"`{path}`" not in TEXT] == []
    assert f"# Airlock package, format {layout.FORMAT} " in TEXT
    assert f"at most {tar_stream.LONGEST_PAX_BYTES} bytes" in TEXT
    assert f"at most {entry_rules.LARGEST_MANIFEST_BYTES >> 20} MiB" in TEXT
    assert f"at most {package_stream.LARGEST_SIGNATURE_BYTES >> 10} KiB" in TEXT
    assert f"no part over {layout.LONGEST_NAME_BYTES} bytes" in TEXT
    assert f"no more than {layout.LONGEST_PATH_BYTES} bytes" in TEXT


def test_a_package_can_be_unpacked_and_checked_by_hand(tmp_path: Path) -> None:
    package = a_package_file(tmp_path)
    subprocess.run(("tar", "-xzf", package), cwd=tmp_path, check=True)
    root = tmp_path / root_of(a_manifest())
    subprocess.run(
        ("sha256sum", "--check", "--strict", "--quiet", "SHA256SUMS"),
        cwd=root,
        check=True,
        capture_output=True,
    )
