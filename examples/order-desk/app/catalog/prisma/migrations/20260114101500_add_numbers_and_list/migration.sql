-- Numbers for printed catalogs, with room between them
CREATE SEQUENCE "product_numbers" AS INTEGER START WITH 100000 INCREMENT BY 10;

-- AlterTable
ALTER TABLE "products" ADD COLUMN "number" INTEGER NOT NULL DEFAULT nextval('product_numbers');

-- CreateIndex
CREATE UNIQUE INDEX "products_number_key" ON "products"("number");

-- CreateView
CREATE VIEW "product_list" AS
SELECT "p"."number", "p"."sku", "p"."name", "p"."state", "e"."amount" AS "price",
       COALESCE(SUM("s"."pieces"), 0) AS "pieces"
FROM "products" "p"
LEFT JOIN "prices" "e" ON "e"."product_id" = "p"."id" AND "e"."currency" = 'EUR'
LEFT JOIN "stock" "s" ON "s"."product_id" = "p"."id"
GROUP BY "p"."id", "e"."amount";
