"""POST /api/prices"""

from catalog.database import rows

CHANGE = """
UPDATE "prices" SET "amount" = CAST(:amount AS NUMERIC), "changed_at" = CURRENT_TIMESTAMP
FROM "products" WHERE "products"."id" = "product_id" AND "sku" = :sku AND "currency" = :currency
RETURNING "sku", "currency", "amount"
"""


def change(price):
    """{"sku", "currency", "amount"}"""
    [changed] = rows(CHANGE, sku=price["sku"], currency=price["currency"], amount=price["amount"])
    return changed
