/*
  Warnings:

  - A unique constraint covering the columns `[customer_id,reference]` on the table `orders` will be added. If there are existing duplicate values, this will fail.

*/
-- CreateTable
CREATE TABLE `invoices` (
    `id` INTEGER NOT NULL AUTO_INCREMENT,
    `order_id` INTEGER NOT NULL,
    `total` DECIMAL(14, 2) NOT NULL,
    `issued_at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

    UNIQUE INDEX `invoices_order_id_key`(`order_id`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- Every paid order has an invoice
INSERT INTO `invoices` (`order_id`, `total`) SELECT `id`, `total` FROM `order_totals` WHERE `status` = 'paid' ORDER BY `id`;

-- An invoice names the customer's own reference, so each is used once only
CREATE UNIQUE INDEX `orders_customer_id_reference_key` ON `orders`(`customer_id`, `reference`);

-- AddForeignKey
ALTER TABLE `invoices` ADD CONSTRAINT `invoices_order_id_fkey` FOREIGN KEY (`order_id`) REFERENCES `orders`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE;
