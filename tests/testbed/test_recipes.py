"""When the images of the test bed are made anew."""

from pathlib import Path

from testbed.images.recipe import fingerprint


def recipes_in(folder: Path) -> Path:
    (folder / "files").mkdir()
    (folder / "nginx.py").write_text("NGINX = 1")
    (folder / "files/nginx.conf").write_text("user root;")
    return folder


def test_a_changed_recipe_or_file_makes_images_anew(tmp_path: Path) -> None:
    before = fingerprint(recipes_in(tmp_path))
    (tmp_path / "files/nginx.conf").write_text("user www-data;")
    between = fingerprint(tmp_path)
    (tmp_path / "nginx.py").write_text("NGINX = 2")
    assert len({before, between, fingerprint(tmp_path)}) == 3


def test_bytecode_that_another_process_is_writing_makes_no_image_anew(tmp_path: Path) -> None:
    before = fingerprint(recipes_in(tmp_path))
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/nginx.cpython-311.pyc.139872").write_text("half")
    (tmp_path / "__pycache__/nginx.cpython-311.pyc").write_text("whole")
    assert fingerprint(tmp_path) == before
