"""Order Desk without Airlock: its images, its seed, and what its migrations do to the seed's rows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from demonstration.desk import Desk
from demonstration.place import Place
from demonstration.screen import Screen
from tests.examples import desk
from tests.examples.desk import DONE

pytestmark = [pytest.mark.engine, pytest.mark.database]
DUPLICATE = (
    "ERROR 1062 (23000) at line 22: "
    "Duplicate entry '1-PO-2026-017' for key 'orders_customer_id_reference_key'"
)
LAST_HISTORY = 'SELECT "currency", "amount" FROM "price_history" ORDER BY "id" DESC LIMIT 1'


@pytest.fixture(scope="module", autouse=True)
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """1.0.0 in operation with the seed's rows; tests change only copies of its databases."""
    with desk.running(desk.checkout("1.0.0", tmp_path_factory.mktemp("desk") / "order-desk")):
        for script in desk.migrations("catalog", "1.0.0"):
            assert desk.in_catalog(script) == DONE
        for script in desk.migrations("orders", "1.0.0"):
            assert desk.in_orders(script) == DONE
        assert desk.seed() == "2000 products, 1500 customers, 3000 orders\n"
        yield


def copies_of_1_1_0(name: str) -> None:
    """Copies both databases, and applies the migrations of 1.1.0 to the copies."""
    desk.copy_databases(name)
    for script in desk.migrations("catalog", "1.1.0"):
        assert desk.in_catalog(script, name) == DONE
    for script in desk.migrations("orders", "1.1.0"):
        assert desk.in_orders(script, name) == DONE


def test_both_services_report_their_version_through_the_proxy() -> None:
    healthy = {"status": "ok", "version": "1.0.0", "database": "ok"}
    assert desk.answer("/catalog/api/health") == healthy
    assert desk.answer("/orders/api/health") == {**healthy, "catalog": "1.0.0"}


def test_the_seed_adds_the_same_thousands_of_rows_to_both_databases() -> None:
    products, orders = desk.answer("/catalog/api/products"), desk.answer("/orders/api/orders")
    assert isinstance(products, list) and isinstance(orders, list)
    assert (len(products), len(orders)) == (2000, 3000)
    assert products[0] == {
        "number": 100000,
        "sku": "CHAIR-0003",
        "name": "Fauteuil d'atelier 3",
        "state": "listed",
        "price": "6.11",
        "pieces": 72,
    }
    assert orders[0] == {
        "id": 1,
        "email": "mina@north.example",
        "reference": "PO-2026-017",
        "status": "paid",
        "placed_at": "2026-01-15 08:00:00",
        "total": "27.22",
    }
    counts = 'SELECT (SELECT COUNT(*) FROM "prices"), (SELECT COUNT(*) FROM "stock")'
    assert desk.in_catalog(counts).rows == [["3920", "6000"]]
    assert desk.in_orders("SELECT COUNT(*) FROM `order_lines`").rows == [["7494"]]


def test_the_demo_reads_versions_rows_and_equal_dumps(tmp_path: Path) -> None:
    shown = Desk(Place("here", tmp_path, Screen()), "order-desk")
    assert shown.versions() == {"catalog": "1.0.0", "orders": "1.0.0"}
    assert shown.in_catalog("SELECT id, sku FROM products WHERE id < 3 ORDER BY id") == [
        ["1", "CHAIR-0003"],
        ["2", "CHAIR-0008"],
    ]
    assert shown.in_orders("SELECT id, name FROM customers WHERE id = 2") == [["2", "김서연"]]
    dumps = shown.dumps()
    assert (dumps, dumps["catalog"].count("\tRug "), dumps["orders"].count("@bulk.example'")) == (
        shown.dumps(),
        400,
        1497,
    )


def test_1_1_0_begins_the_price_history_with_the_prices_there_were() -> None:
    copies_of_1_1_0("history")
    before = 'SELECT "product_id", "currency", "amount", "changed_at" FROM "prices" ORDER BY 1, 2'
    after = 'SELECT "product_id", "currency", "amount", "since" FROM "price_history" ORDER BY 1, 2'
    assert desk.in_catalog(after, "history") == desk.in_catalog(before)
    assert desk.in_catalog('SELECT "changed_at" FROM "prices"', "history").code == 1


def test_1_1_0_splits_names_into_given_and_family_names() -> None:
    copies_of_1_1_0("names")
    first = desk.in_orders("SELECT `given_name`, `family_name` FROM `customers` WHERE `id` < 4", "names")
    assert first.rows == [["Mina", "Park"], ["", "김서연"], ["Jean Luc", "d'Arc"]]
    whole = "SELECT TRIM(CONCAT(`given_name`, ' ', `family_name`)) FROM `customers` ORDER BY `id`"
    assert desk.in_orders(whole, "names") == desk.in_orders("SELECT `name` FROM `customers` ORDER BY `id`")


def test_the_services_of_1_1_0_work_with_migrated_databases(tmp_path: Path) -> None:
    copies_of_1_1_0("served")
    desk.build("1.1.0", desk.checkout("1.1.0", tmp_path / "order-desk"))
    price = {"sku": "CHAIR-0003", "currency": "EUR", "amount": "7.25"}
    product = {
        "sku": "NEW-1",
        "name": "New",
        "state": "listed",
        "attributes": {},
        "created_at": "2026-04-01 08:00:00",
        "prices": {"EUR": "9.50"},
        "stock": {"Bremen": 1},
    }
    new = {"email": "new@east.example", "given_name": "Ada", "family_name": "Sato", "phone": None}
    customer = {**new, "created_at": "2026-04-01 08:00:00"}

    desk.call("1.1.0", "catalog", "served", f"from catalog import prices; prices.change({price})")
    changed = desk.in_catalog(LAST_HISTORY, "served").rows
    desk.call("1.1.0", "catalog", "served", f"from catalog import products; products.add([{product}])")
    added = desk.in_catalog(LAST_HISTORY, "served").rows
    insert = f"from orders import customers; customers.add([{customer}]); print(customers.every()[-1])"
    said = desk.call("1.1.0", "orders", "served", insert)

    assert (changed, added) == ([["EUR", "7.25"]], [["EUR", "9.50"]])
    assert said == f"{dict(id=1501, **new)}\n"


def test_1_2_0_succeeds_in_postgresql_and_fails_half_way_in_mariadb() -> None:
    copies_of_1_1_0("broken")
    [of_catalog], [of_orders] = desk.migrations("catalog", "1.2.0"), desk.migrations("orders", "1.2.0")

    succeeded, failed = desk.in_catalog(of_catalog, "broken"), desk.in_orders(of_orders, "broken")

    assert succeeded == DONE
    assert (failed.code, failed.rows, failed.errors.splitlines()[-1]) == (1, [], DUPLICATE)
    retired = "SELECT COUNT(*) FROM products WHERE state = 'retired'"
    assert (desk.in_catalog(retired).rows, desk.in_catalog(retired, "broken").rows) == ([["40"]], [["136"]])
    assert desk.in_orders("SELECT COUNT(*) FROM `invoices`", "broken").rows == [["1399"]]


def test_1_2_0_fails_on_what_only_the_seed_has() -> None:
    desk.copy_databases("clean")
    assert desk.in_orders("DELETE FROM `orders` WHERE `id` = 3", "clean") == DONE
    for script in (*desk.migrations("orders", "1.1.0"), *desk.migrations("orders", "1.2.0")):
        assert desk.in_orders(script, "clean") == DONE
