"""Bitnami's PostgreSQL images have variables of their own, which are read as these images read them."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from installer.database.values.problems import CannotRehearse
from installer.errors import Refused
from installer.postgresql.rehearsal.scratch_server import refuse_bitnami
from installer.postgresql.server.location import locate_database
from installer.system.secret import Secret
from tests.postgresql.server.test_location import SERVICE, container

IMAGE = "registry.example/bitnami/postgresql:17"
USER, PASSWORD = {"POSTGRESQL_USERNAME": "team"}, {"POSTGRESQL_PASSWORD": "p"}
SUPERUSER = {"POSTGRESQL_POSTGRES_PASSWORD": "s"}


@pytest.mark.parametrize(
    ("environment", "found"),
    [
        (PASSWORD, ("postgres", "p", "postgres")),
        ({**USER, **PASSWORD, "POSTGRESQL_DATABASE": "shop"}, ("team", "p", "shop")),
        ({**USER, **PASSWORD, **SUPERUSER}, ("postgres", "s", "postgres")),
        ({"POSTGRES_USER": "team", "POSTGRES_PASSWORD": "p", "POSTGRES_DB": "shop"}, ("team", "p", "shop")),
        ({"ALLOW_EMPTY_PASSWORD": "yes", "POSTGRESQL_DATABASE": "shop"}, ("postgres", "", "shop")),
    ],
)
def test_user_password_and_database_are_those_of_the_image(
    environment: Mapping[str, str], found: tuple[str, str, str]
) -> None:
    address = locate_database(SERVICE, replace(container(environment), image=IMAGE))
    assert (address.user, address.password.reveal(), address.database) == found


def test_the_port_is_the_image_s_and_an_image_of_another_name_is_known_by_its_own_variable() -> None:
    inside = {"BITNAMI_APP_NAME": "postgresql", **PASSWORD, "POSTGRESQL_PORT_NUMBER": "5433"}
    address = locate_database(SERVICE, replace(container(inside), image="team/db:1"))
    assert (address.user, address.port) == ("postgres", 5433)


def test_an_image_without_a_password_and_an_official_one_with_bitnami_s_variables_are_refused() -> None:
    for given in (replace(container({"ALLOW_EMPTY_PASSWORD": "no"}), image=IMAGE), container(PASSWORD)):
        with pytest.raises(Refused, match="does not specify how to connect"):
            locate_database(SERVICE, given)


def test_no_temporary_server_is_started_from_such_an_image() -> None:
    refuse_bitnami(SERVICE)
    for service in (
        replace(SERVICE, image=IMAGE),
        replace(SERVICE, image="team/db:1", environment={"POSTGRESQL_PASSWORD": Secret("p")}),
    ):
        with pytest.raises(CannotRehearse, match="are not started as temporary servers"):
            refuse_bitnami(service)
