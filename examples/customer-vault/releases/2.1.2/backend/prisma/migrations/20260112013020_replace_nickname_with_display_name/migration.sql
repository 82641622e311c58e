/*
  Warnings:

  - You are about to drop the column `nickname` on the `users` table. All the data in the column will be lost.

*/
-- AlterTable
ALTER TABLE `users` ADD COLUMN `display_name` VARCHAR(191) NOT NULL DEFAULT '';

-- The name people are called by: the nickname, where there is one
UPDATE `users` SET `display_name` = COALESCE(NULLIF(`nickname`, ''), `name`);

-- AlterTable
ALTER TABLE `users` DROP COLUMN `nickname`;

-- CreateTrigger
CREATE TRIGGER `users_before_insert` BEFORE INSERT ON `users` FOR EACH ROW
BEGIN
    IF NEW.`display_name` = '' THEN
        SET NEW.`display_name` = NEW.`name`;
    END IF;
END;
