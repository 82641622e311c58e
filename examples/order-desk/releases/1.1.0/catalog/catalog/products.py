"""GET and POST /api/products"""

import json

from catalog.database import rows

ADD = """
WITH "given" AS (
    SELECT * FROM jsonb_to_recordset(CAST(:products AS JSONB)) AS "one"
        ("sku" TEXT, "name" TEXT, "state" "product_state", "attributes" JSONB, "created_at" TIMESTAMP,
         "prices" JSONB, "stock" JSONB)
), "added" AS (
    INSERT INTO "products" ("sku", "name", "state", "attributes", "created_at")
    SELECT "sku", "name", "state", "attributes", "created_at" FROM "given" ORDER BY "sku"
    RETURNING "id", "sku"
), "priced" AS (
    INSERT INTO "prices" ("product_id", "currency", "amount")
    SELECT "added"."id", "key", CAST("value" AS NUMERIC)
    FROM "given" JOIN "added" USING ("sku") CROSS JOIN jsonb_each_text("prices")
), "stocked" AS (
    INSERT INTO "stock" ("product_id", "place", "pieces")
    SELECT "added"."id", "key", CAST("value" AS INTEGER)
    FROM "given" JOIN "added" USING ("sku") CROSS JOIN jsonb_each_text("stock")
)
SELECT COUNT(*) AS "added" FROM "added"
"""


def every():
    return rows('SELECT "number", "sku", "name", "state", "price", "pieces" FROM "product_list" ORDER BY "sku"')


def add(products):
    """[{"sku", "name", "state", "attributes", "created_at", "prices": {currency: amount}, "stock": {place: pieces}}]"""
    return rows(ADD, products=json.dumps(products))
