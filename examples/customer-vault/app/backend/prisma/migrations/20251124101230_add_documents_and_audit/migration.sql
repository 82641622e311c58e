-- CreateTable
CREATE TABLE `documents` (
    `id` INTEGER NOT NULL AUTO_INCREMENT,
    `user_id` INTEGER NOT NULL,
    `file_name` VARCHAR(191) NOT NULL,
    `size_bytes` BIGINT NOT NULL,
    `sha256` BINARY(32) NOT NULL,
    `head` VARBINARY(32) NOT NULL,
    `uploadedAt` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

    INDEX `documents_user_id_idx`(`user_id`),
    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- CreateTable
CREATE TABLE `audit` (
    `id` BIGINT NOT NULL AUTO_INCREMENT,
    `what` VARCHAR(191) NOT NULL,
    `at` DATETIME(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),

    PRIMARY KEY (`id`)
) DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci;

-- AddForeignKey
ALTER TABLE `documents` ADD CONSTRAINT `documents_user_id_fkey` FOREIGN KEY (`user_id`) REFERENCES `users`(`id`) ON DELETE RESTRICT ON UPDATE CASCADE;

-- CreateView
CREATE VIEW `document_list` AS
SELECT `d`.`id`, `u`.`email`, `d`.`file_name`, `d`.`size_bytes`, LOWER(HEX(`d`.`sha256`)) AS `sha256`
FROM `documents` `d` JOIN `users` `u` ON `u`.`id` = `d`.`user_id`;

-- CreateTrigger
CREATE TRIGGER `users_after_insert` AFTER INSERT ON `users` FOR EACH ROW
    INSERT INTO `audit` (`what`) VALUES (CONCAT('new user ', NEW.`email`));

-- CreateProcedure
CREATE PROCEDURE `forget_user`(IN `user_email` VARCHAR(191))
BEGIN
    DELETE `d` FROM `documents` `d` JOIN `users` `u` ON `u`.`id` = `d`.`user_id` WHERE `u`.`email` = `user_email`;
    DELETE FROM `users` WHERE `email` = `user_email`;
    INSERT INTO `audit` (`what`) VALUES ('a user was forgotten');
END;
