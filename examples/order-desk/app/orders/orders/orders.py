"""GET and POST /api/orders"""

from orders import catalog
from orders.database import changes, rows


def every():
    return rows(
        "SELECT `id`, `email`, `reference`, `status`, `placed_at`, `total` FROM `order_totals` ORDER BY `id`"
    )


def add(orders):
    """[{"customer": email, "reference" or null, "status", "placed_at", "lines": [[sku, quantity]]}]"""
    prices = catalog.prices()
    with changes() as cursor:
        customers = _customers(cursor)
        for order in orders:
            _add(cursor, order, customers[order["customer"]], prices)
    return {"added": len(orders)}


def _customers(cursor):
    cursor.execute("SELECT `email`, `id` FROM `customers`")
    return {row["email"]: row["id"] for row in cursor.fetchall()}


def _add(cursor, order, customer_id, prices):
    cursor.execute(
        "INSERT INTO `orders` (`customer_id`, `reference`, `status`, `placed_at`) VALUES (%s, %s, %s, %s)",
        (customer_id, order["reference"], order["status"], order["placed_at"]),
    )
    order_id = cursor.lastrowid
    cursor.executemany(
        "INSERT INTO `order_lines` (`order_id`, `line`, `sku`, `quantity`, `unit_price`) VALUES (%s, %s, %s, %s, %s)",
        [
            (order_id, line, sku, quantity, prices[sku])
            for line, (sku, quantity) in enumerate(order["lines"], start=1)
        ],
    )
