from installer.system.compose.environment import disturbing_variables, read_settings, shadowed_settings

SETTINGS = {"DB_NAME": "vault", "DB_PASSWORD": "s3", "PATH": "/evil", "DOCKER_HOST": "tcp://evil:1"}


def test_variables_that_steer_compose_are_kept_from_it() -> None:
    shell = {
        "COMPOSE_FILE": "x",
        "COMPOSE_PROFILES": "debug",
        "COMPOSE_ENV_FILES": "y",
        "LANG": "ko_KR.UTF-8",
    }
    assert disturbing_variables({}, shell) == {"COMPOSE_FILE", "COMPOSE_PROFILES", "COMPOSE_ENV_FILES"}


def test_variables_that_only_tune_compose_are_left_to_it() -> None:
    assert (
        disturbing_variables({}, {"COMPOSE_HTTP_TIMEOUT": "900", "COMPOSE_PARALLEL_LIMIT": "1"})
        == frozenset()
    )


def test_a_variable_of_the_shell_gives_way_to_the_settings_file_even_when_equal() -> None:
    shell = {"DB_NAME": "vault", "DB_PASSWORD": "other", "OTHER": "1"}
    assert disturbing_variables(SETTINGS, shell) == {"DB_NAME", "DB_PASSWORD"}
    assert shadowed_settings(SETTINGS, shell) == ("DB_PASSWORD",)


def test_what_the_docker_command_itself_needs_is_never_taken_from_it() -> None:
    shell = {"PATH": "/usr/bin", "DOCKER_HOST": "unix:///run/docker.sock"}
    assert disturbing_variables(SETTINGS, shell) == frozenset()
    assert shadowed_settings(SETTINGS, shell) == ()


def test_settings_are_read_without_filling_anything_in(tmp_path) -> None:
    (tmp_path / ".env").write_text("# a comment\nA='x$y'\nexport B=${A}z # why\nC=\nD\nE=\"two words\"\n")
    assert read_settings(tmp_path / ".env") == {"A": "x$y", "B": "${A}z", "C": "", "D": "", "E": "two words"}


def test_no_settings_file_means_no_settings(tmp_path) -> None:
    assert read_settings(tmp_path / ".env") == {}
