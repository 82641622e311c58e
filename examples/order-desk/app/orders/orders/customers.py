"""GET and POST /api/customers"""

from orders.database import changes, rows


def every():
    return rows("SELECT `id`, `email`, `name`, `phone` FROM `customers` ORDER BY `id`")


def add(customers):
    """[{"email", "name", "phone" or null, "created_at"}]"""
    with changes() as cursor:
        added = cursor.executemany(
            "INSERT INTO `customers` (`email`, `name`, `phone`, `created_at`) VALUES (%s, %s, %s, %s)",
            [(one["email"], one["name"], one["phone"], one["created_at"]) for one in customers],
        )
    return {"added": added}
