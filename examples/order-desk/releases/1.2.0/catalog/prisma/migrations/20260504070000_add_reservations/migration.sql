-- CreateTable
CREATE TABLE "reservations" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "product_id" INTEGER NOT NULL,
    "place" VARCHAR(40) NOT NULL,
    "pieces" INTEGER NOT NULL,
    "until" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "reservations_pkey" PRIMARY KEY ("id")
);

-- AlterTable
ALTER TABLE "stock" ADD COLUMN "reserved" INTEGER NOT NULL DEFAULT 0;

-- AddCheck
ALTER TABLE "stock" ADD CONSTRAINT "stock_reserved_check" CHECK ("reserved" BETWEEN 0 AND "pieces");

-- Products without any pieces are not for sale any more
UPDATE "products" SET "state" = 'retired'
WHERE "state" = 'listed' AND "id" NOT IN (SELECT "product_id" FROM "stock" WHERE "pieces" > 0);

-- CreateIndex
CREATE INDEX "reservations_product_id_idx" ON "reservations"("product_id");

-- AddForeignKey
ALTER TABLE "reservations" ADD CONSTRAINT "reservations_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "products"("id") ON DELETE CASCADE ON UPDATE CASCADE;
