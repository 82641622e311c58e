"""GET and POST /api/customers"""

from orders.database import changes, rows


def every():
    return rows("SELECT `id`, `email`, `given_name`, `family_name`, `phone` FROM `customers` ORDER BY `id`")


def add(customers):
    """[{"email", "given_name", "family_name", "phone" or null, "created_at"}]"""
    names = ("email", "given_name", "family_name", "phone", "created_at")
    with changes() as cursor:
        added = cursor.executemany(
            "INSERT INTO `customers` (`email`, `given_name`, `family_name`, `phone`, `created_at`)"
            " VALUES (%s, %s, %s, %s, %s)",
            [tuple(one[name] for name in names) for one in customers],
        )
    return {"added": added}
