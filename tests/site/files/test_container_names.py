"""Fixed container names, also of services that are included or extended."""

from pathlib import Path

from installer.site.files.container_names import fixed_container_names
from tests.packager.projects import write

FILES: dict[str, str | bytes] = {
    "compose.yml": "include: [parts/a.yml, {path: [b.yml, lost.yml], project_directory: other}]\n"
    "services:\n  web: {extends: {file: parts/base.yml, service: base}}\n  job: {container_name: job}\n",
    "parts/a.yml": "include: [../compose.yml, c.yml]\nservices: {a: {container_name: a}}\n",
    "parts/c.yml": "services: {c: {container_name: c}}\n",
    "parts/base.yml": "services:\n  base: {extends: {file: deep/base.yml, service: base}}\n"
    "  unused: {container_name: unused}\n",
    "parts/deep/base.yml": "services:\n"
    "  base: {container_name: base, extends: {file: base.yml, service: base}}\n",
    "b.yml": "services: {b: {extends: {file: ../parts/base.yml, service: base}}, d: {container_name: d}}\n",
}


def test_names_are_found_in_every_file_that_compose_reads(tmp_path: Path) -> None:
    folder = write(tmp_path / "release", FILES)
    (folder / "other").mkdir()
    assert fixed_container_names(folder, ["compose.yml"]) == {"job", "base", "a", "c", "d"}


def test_files_that_extend_each_other_end(tmp_path: Path) -> None:
    text = "services: {a: {extends: {file: compose.yml, service: a}}}"
    folder = write(tmp_path, {"compose.yml": text})
    assert fixed_container_names(folder, ["compose.yml"]) == set()
