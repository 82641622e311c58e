/*
  Warnings:

  - You are about to drop the column `changed_at` on the `prices` table. All the data in the column will be lost.

*/
-- CreateTable
CREATE TABLE "price_history" (
    "id" BIGSERIAL NOT NULL,
    "product_id" INTEGER NOT NULL,
    "currency" CHAR(3) NOT NULL,
    "amount" DECIMAL(12,2) NOT NULL,
    "since" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_history_pkey" PRIMARY KEY ("id")
);

-- The history begins with today's prices
INSERT INTO "price_history" ("product_id", "currency", "amount", "since")
SELECT "product_id", "currency", "amount", "changed_at" FROM "prices" ORDER BY "product_id", "currency";

-- AlterTable
ALTER TABLE "prices" DROP COLUMN "changed_at";

-- CreateIndex
CREATE INDEX "price_history_product_id_currency_since_idx" ON "price_history"("product_id", "currency", "since");

-- AddForeignKey
ALTER TABLE "price_history" ADD CONSTRAINT "price_history_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- CreateFunction
CREATE FUNCTION "note_price"() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO "price_history" ("product_id", "currency", "amount")
    VALUES (NEW."product_id", NEW."currency", NEW."amount");
    RETURN NULL;
END;
$$;

-- CreateTrigger
CREATE TRIGGER "prices_after_insert" AFTER INSERT ON "prices"
FOR EACH ROW EXECUTE FUNCTION "note_price"();

-- CreateTrigger
CREATE TRIGGER "prices_after_update" AFTER UPDATE ON "prices"
FOR EACH ROW WHEN (OLD."amount" IS DISTINCT FROM NEW."amount") EXECUTE FUNCTION "note_price"();
