"""What Compose and the engine really say, and what a person reads instead."""

import socket
import subprocess
from pathlib import Path

import pytest

from installer.system.compose.compose import Compose, ComposeProblem
from installer.system.compose.messages import translate
from installer.system.process.process import Completed, ToolFailed, output_of, run
from tests.system.compose_project import SLEEPS, compose, project

__all__ = ["project"]
engine = pytest.mark.engine


def problem_of(web: Compose) -> ComposeProblem:
    with pytest.raises(ComposeProblem) as raised:
        web.up(timeout_seconds=60)
    return raised.value


def model_problem(web: Compose) -> ComposeProblem:
    with pytest.raises(ComposeProblem) as raised:
        web.model()
    return raised.value


def start_beside(folder: Path, *words: str) -> str:
    """A container that is not of this project, but goes away with it."""
    label = f"com.docker.compose.project={folder.name}"
    return output_of(
        ("docker", "run", "--detach", "--label", label, *words, "busybox:1", "sleep", "60")
    ).strip()


@engine
def test_a_docker_command_without_compose(project) -> None:
    words = compose(project, SLEEPS).command("ps")
    done = run(words, secrets={"DOCKER_CONFIG": str(project / "none")})
    if done.exit_code == 0:
        pytest.skip("Compose is installed for all users of this machine")
    problem = translate(done, Path(".env"))
    assert (problem.happened, problem.details) == (
        "Docker Compose v2 is not installed on this machine.",
        ("unknown flag: --ansi",),
    )


@engine
def test_a_container_name_that_is_taken(project) -> None:
    other = start_beside(project, "--name", f"{project.name}-web")
    problem = problem_of(
        compose(project, SLEEPS.replace("init", f"container_name: {project.name}-web, init"))
    )
    assert problem.happened == f"The container name {project.name}-web is taken by another container."
    assert problem.details == (f"It has the ID {other[:12]}.",)
    assert problem.hint == f"Inspect it: docker inspect {project.name}-web"


@engine
def test_a_port_that_another_container_has(project) -> None:
    start_beside(project, "--publish", "127.0.0.1:18191:80")
    problem = problem_of(compose(project, SLEEPS.replace("init", 'ports: ["127.0.0.1:18191:80"], init')))
    assert problem.happened == "Port 18191 is taken by another container."
    assert problem.details == ("Bind for 127.0.0.1:18191 failed: port is already allocated",)


@engine
def test_a_port_that_another_program_has(project) -> None:
    with socket.create_server(("127.0.0.1", 18192)):
        problem = problem_of(compose(project, SLEEPS.replace("init", 'ports: ["127.0.0.1:18192:80"], init')))
    assert problem.happened == "Port 18192 is taken by another program of this machine."
    assert problem.hint == "Find it: sudo ss -tulpn 'sport = :18192'"


@engine
def test_a_folder_that_was_lost_is_an_error_and_is_not_made(project) -> None:
    mount = "volumes: [{type: bind, source: ./data, target: /d, bind: {create_host_path: false}}], init"
    problem = problem_of(compose(project, SLEEPS.replace("init", mount)))
    assert problem.happened == f"A service mounts a file or folder that is missing: {project}/data"
    assert problem.hint.endswith(f"sudo mkdir -p {project}/data")
    assert not (project / "data").exists()


@engine
def test_an_address_that_the_machine_does_not_have(project) -> None:
    problem = problem_of(compose(project, SLEEPS.replace("init", 'ports: ["192.0.2.1:18193:80"], init')))
    assert problem.happened == "A port is published on an address that this machine does not have."
    assert problem.hint == f"Compare the addresses in {project}/.env with: ip address"


@engine
def test_an_image_that_is_not_there(project) -> None:
    problem = problem_of(compose(project, SLEEPS.replace("busybox:1", "f-gone:1")))
    assert problem.happened == "The image f-gone:1 is not on this machine."


@engine
def test_an_image_that_only_a_registry_could_give(project) -> None:
    web = compose(project, SLEEPS.replace("busybox:1", "registry.invalid/f-gone:1"))
    with pytest.raises(ToolFailed) as failed:
        output_of(web.command("pull"))
    problem = translate(failed.value.completed, web.settings_path)
    assert problem.happened == "Compose tried to pull an image, but cannot reach a registry."


@engine
def test_a_service_that_others_wait_for_and_that_is_not_healthy(project) -> None:
    problem = problem_of(
        compose(
            project,
            'services: {db: {image: "busybox:1", init: true, command: sleep 60, '
            'healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 1}}, '
            'web: {image: "busybox:1", depends_on: {db: {condition: service_healthy}}}}',
        )
    )
    container = f"{project.name}-db-1"
    assert problem.happened == f"Container {container} is not ready, and other services depend on it."
    assert problem.details == (f"dependency failed to start: container {container} is unhealthy",)


@engine
def test_a_service_that_others_wait_for_and_that_ends(project) -> None:
    problem = problem_of(
        compose(
            project,
            'services: {job: {image: "busybox:1", command: "false"}, web: {image: "busybox:1", '
            "depends_on: {job: {condition: service_completed_successfully}}}}",
        )
    )
    assert problem.happened == "Service job failed, and other services depend on it."
    assert problem.details == ('service "job" didn\'t complete successfully: exit 1',)


@engine
def test_a_service_that_keeps_compose_waiting_ends_with_the_deadline(project) -> None:
    web = compose(
        project,
        'services: {db: {image: "busybox:1", init: true, command: sleep 60, '
        'healthcheck: {test: ["CMD", "false"], interval: 1s, retries: 1000}}, '
        'web: {image: "busybox:1", depends_on: {db: {condition: service_healthy}}}}',
    )
    with pytest.raises(ComposeProblem) as raised:
        web.up(timeout_seconds=4)
    assert raised.value.happened == "Compose did not finish within 4 seconds."
    assert any(f"{project.name}-db-1  Waiting" in line for line in raised.value.details)
    assert project.name not in subprocess.run(("ps", "-eo", "args"), capture_output=True, text=True).stdout


@engine
def test_a_file_mounted_where_docker_made_a_folder(project) -> None:
    (project / "nginx.conf").mkdir()
    web = compose(project, SLEEPS.replace("init", 'volumes: ["./nginx.conf:/etc/passwd:ro"], init'))
    assert (
        problem_of(web).happened
        == "A service mounts a file, but its path is a folder on this machine, or vice versa."
    )


@engine
@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("services:\n  web:\n    image: [\n", "yaml: line 3: did not find expected node content"),
        ("services: {web: {image: 3}}",
         "validating {folder}/docker-compose.yml: services.web.image must be a string"),
        ("services: {web: {}}",
         'service "web" has neither an image nor a build context specified: invalid compose project'),
        ("services: {web: {image: x, depends_on: [db]}}",
         'service "web" depends on undefined service "db": invalid compose project'),
        ('services: {web: {image: "${A:"}}', "invalid interpolation format for services.web.image."),
    ],
    ids=["yaml", "schema", "nothing to run", "unknown dependency", "interpolation"],
)  # fmt: skip
def test_a_compose_file_that_is_not_valid(project, text, detail) -> None:
    problem = model_problem(compose(project, text))
    assert problem.happened == "The compose file is not valid."
    assert problem.details[0] == detail.replace("{folder}", str(project))


@engine
def test_no_compose_file(project) -> None:
    problem = model_problem(Compose(project, ("gone.yml",)))
    assert problem.happened == f"A file that Compose requires is missing: {project}/gone.yml"


@engine
def test_no_settings_file_where_one_was_named(project) -> None:
    compose(project, SLEEPS)
    problem = model_problem(Compose(project, ("docker-compose.yml",), None, project / "gone.env"))
    assert problem.happened == f"A file that Compose requires is missing: {project}/gone.env"


@engine
def test_no_settings_file_that_a_service_wants(project) -> None:
    problem = model_problem(compose(project, SLEEPS.replace("init", "env_file: [web.env], init")))
    assert problem.happened == f"A file that Compose requires is missing: {project}/web.env"


@engine
@pytest.mark.parametrize("line", ["PASSWORD=hunter2${\n", "PASS WORD=hunter2\n", "PASSWORD='hunter2\n"])
def test_a_settings_file_that_cannot_be_read_is_named_without_its_secrets(project, line) -> None:
    (project / ".env").write_text(line)
    problem = model_problem(compose(project, SLEEPS))
    assert problem.happened == f"Compose cannot read the settings file {project}/.env."
    assert "hunter2" not in str(problem)


def test_a_full_disk() -> None:
    said = "Error response from daemon: mkdir /var/lib/docker/overlay2/x: no space left on device\n"
    problem = translate(Completed(("docker", "compose", "up"), 1, "", said), Path(".env"))
    assert (problem.happened, problem.details) == ("The disk is full.", (said.strip(),))


@pytest.mark.parametrize(
    "said",
    [
        "driver failed programming external connectivity on endpoint web (1f): "
        "failed to bind host port for 0.0.0.0:8080:172.18.0.2:80/tcp: address already in use",
        "failed to bind host port 0.0.0.0:8080/tcp: address already in use",
    ],
    ids=["engine 27", "engine 28"],
)
def test_a_taken_port_in_the_words_of_newer_engines(said) -> None:
    problem = translate(Completed(("docker", "compose", "up"), 1, "", said), Path(".env"))
    assert problem.happened == "Port 8080 is taken by another program of this machine."


def test_words_that_nobody_knows_are_passed_on() -> None:
    done = Completed(("docker", "compose", "up"), 1, "", "something new\n")
    problem = translate(done, Path(".env"))
    assert isinstance(problem, ToolFailed)
    assert problem.details == ("something new",)
