"""The base images of the test bed, named as real applications name them."""

from testbed.images import busybox, mariadb, mysql, nginx, postgresql, python
from testbed.images.recipe import Recipe

RECIPES: dict[str, Recipe] = {
    recipe.reference: recipe
    for recipe in (
        busybox.BUSYBOX,
        nginx.NGINX,
        python.PYTHON,
        python.PYTHON_OF_PACKAGES,
        python.PYTHON_3_13,
        mariadb.MARIADB_10_5,
        mariadb.MARIADB_10_11,
        mariadb.MARIADB_11_8,
        mysql.MYSQL_9_7,
        postgresql.POSTGRES_15,
        postgresql.POSTGRES_17,
        postgresql.POSTGRES_18,
    )
}
USUAL = ("busybox:1", "nginx:1.24", "python:3.11-slim", "mariadb:10.11")  # the others are made when asked for
ONLINE = (*USUAL, python.PYTHON_OF_PACKAGES.reference)  # what a server that exports needs
