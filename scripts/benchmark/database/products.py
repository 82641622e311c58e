"""Lists the servers that can be measured."""

from collections.abc import Mapping

from benchmark.database.mariadb.server import MARIADB
from benchmark.database.postgresql.server import POSTGRESQL
from benchmark.database.product import Product

PRODUCTS: Mapping[str, Product] = {"mariadb": MARIADB, "postgresql": POSTGRESQL}
