/*
  Warnings:

  - A unique constraint covering the columns `[login]` on the table `users` will be added. If there are existing duplicate values, this will fail.

*/
-- CreateTable
CREATE TABLE `sessions` (
    `id` CHAR(36) NOT NULL,
    `user_id` INTEGER NOT NULL,
    `startedAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

    INDEX `sessions_user_id_idx`(`user_id`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateProcedure
CREATE PROCEDURE `end_sessions`(IN `of_user` INTEGER)
BEGIN
    DELETE FROM `sessions` WHERE `user_id` = `of_user`;
END;

-- AlterTable
ALTER TABLE `users` ADD COLUMN `login` VARCHAR(191) NOT NULL DEFAULT '';

-- People log in with the part of their address before the @
UPDATE `users` SET `login` = SUBSTRING_INDEX(`email`, '@', 1);

-- CreateIndex
CREATE UNIQUE INDEX `users_login_key` ON `users`(`login`);

-- AddForeignKey
ALTER TABLE `sessions` ADD CONSTRAINT `sessions_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE CASCADE ON UPDATE CASCADE;
