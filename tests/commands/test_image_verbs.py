"""The commands `images push` and `images layout` as they are typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bundle.builders import a_package_file, release_with
from tests.bundle.images_tar import UPPER, WEB, images_tar
from tests.packager.saved_images import Made
from tests.testbed.credential_helper import credential_helper
from tests.testbed.fake_registry import FakeRegistry, fake_registry

ROOT = Path(__file__).parents[2]
OLDER = Made(WEB.reference, (UPPER,))


def package_of(folder: Path, made: Made) -> Path:
    manifest, contents = release_with(images_tar(made), made)
    folder.mkdir()
    return a_package_file(folder, contents, manifest)


def typed(*words: str | Path, home: Path) -> "subprocess.CompletedProcess[str]":
    known = {name: value for name, value in os.environ.items() if name != "DOCKER_CONFIG"}
    environment = {**known, "PYTHONPATH": str(ROOT), "HOME": str(home), "LANG": "C.UTF-8"}
    command = (sys.executable, "-m", "installer", "images", *map(str, words))
    return subprocess.run(
        command,
        env=environment,
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_push_prints_the_references_to_pull(tmp_path: Path) -> None:
    package = package_of(tmp_path / "new", WEB)
    with fake_registry(FakeRegistry()) as registry:
        planned = typed("push", f"{registry.host}/team", package, "--dry-run", home=tmp_path)
        assert (planned.returncode, planned.stdout, registry.blobs) == (0, "", {})
        done = typed("push", f"{registry.host}/team", package, home=tmp_path)
        again = typed("push", f"{registry.host}/team", package, "--json", home=tmp_path)
    digest = next(name for _repository, name in registry.manifests if name.startswith("sha256:"))
    assert done.stdout == f"{registry.host}/team/vault-web:2.1.2@{digest}\n"
    assert json.loads(again.stdout)["images"] == [
        {
            "reference": "vault-web:2.1.2",
            "pushed_as": f"{registry.host}/team/vault-web:2.1.2",
            "digest": digest,
            "before": "there",
        }
    ]


def test_a_name_is_taken_from_another_image_only_after_a_yes(tmp_path: Path) -> None:
    older, newer = package_of(tmp_path / "older", OLDER), package_of(tmp_path / "newer", WEB)
    with fake_registry(FakeRegistry()) as registry:
        typed("push", registry.host, older, home=tmp_path)
        before = registry.manifests["vault-web", "2.1.2"]
        refused = typed("push", registry.host, newer, home=tmp_path)
        assert (refused.returncode, registry.manifests["vault-web", "2.1.2"]) == (3, before)
        assert "→ To skip the question, add: --yes" in refused.stderr
        assert typed("push", registry.host, newer, "--yes", home=tmp_path).returncode == 0
    assert registry.manifests["vault-web", "2.1.2"] != before


def test_the_login_that_docker_saved_is_used_and_never_printed(tmp_path: Path) -> None:
    package = package_of(tmp_path / "new", WEB)
    with fake_registry(FakeRegistry(auth="bearer")) as registry:
        missing = typed("push", registry.host, package, home=tmp_path)
        (tmp_path / ".docker").mkdir()
        auths = {registry.host: {"auth": "dmF1bHQ6Y29ycmVjdC1ob3JzZQ=="}}
        (tmp_path / ".docker/config.json").write_text(json.dumps({"auths": auths}))
        done = typed("--verbose", "push", registry.host, package, home=tmp_path)
    assert (missing.returncode, done.returncode) == (3, 0)
    assert "horse" not in done.stdout + done.stderr


def test_the_login_that_a_program_keeps_is_used_and_never_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, helper = package_of(tmp_path / "new", WEB), credential_helper(tmp_path / "bin", monkeypatch)
    (tmp_path / ".docker").mkdir()
    (tmp_path / ".docker/config.json").write_text('{"auths": {}, "credsStore": "site"}')
    with fake_registry(FakeRegistry(auth="basic")) as registry:
        helper.ends_with(1, prints="correct-horse", says="correct-horse")
        failed = typed("--verbose", "push", registry.host, package, home=tmp_path)
        helper.keeps("vault", "correct-horse")
        done = typed("--verbose", "push", registry.host, package, home=tmp_path)
    assert (failed.returncode, done.returncode) == (3, 0)
    assert f"The program docker-credential-site gave no login for {registry.host}." in failed.stderr
    assert "horse" not in failed.stdout + failed.stderr + done.stdout + done.stderr


@pytest.mark.parametrize("words", [("push", "vault"), ("push", "https://registry.site"), ("push",)])
def test_a_wrong_command_line_exits_with_2(tmp_path: Path, words: tuple[str, ...]) -> None:
    assert typed(*words, package_of(tmp_path / "new", WEB), home=tmp_path).returncode == 2


def test_a_layout_prints_its_folder(tmp_path: Path) -> None:
    done = typed("layout", "layout", package_of(tmp_path / "new", WEB), home=tmp_path)
    assert (done.returncode, done.stdout, (tmp_path / "layout/oci-layout").exists()) == (0, "layout\n", True)
