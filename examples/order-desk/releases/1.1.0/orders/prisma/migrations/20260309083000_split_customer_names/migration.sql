/*
  Warnings:

  - You are about to drop the column `name` on the `customers` table. All the data in the column will be lost.

*/
-- AlterTable
ALTER TABLE `customers` ADD COLUMN `family_name` VARCHAR(191) NOT NULL DEFAULT '',
    ADD COLUMN `given_name` VARCHAR(191) NOT NULL DEFAULT '';

-- The last word is the family name; all before it, if there is something, are given names
UPDATE `customers` SET `family_name` = SUBSTRING_INDEX(`name`, ' ', -1);
UPDATE `customers` SET `given_name` = TRIM(LEFT(`name`, CHAR_LENGTH(`name`) - CHAR_LENGTH(`family_name`)));

-- AlterTable
ALTER TABLE `customers` DROP COLUMN `name`;

-- CreateIndex
CREATE INDEX `customers_family_name_idx` ON `customers`(`family_name`);
