-- AlterTable
ALTER TABLE `departments` ADD COLUMN `budget` DECIMAL(12, 2) NOT NULL DEFAULT 0;

-- Every department starts with something for each of its users
UPDATE `departments` `d` SET `d`.`budget` = 1000 * (SELECT COUNT(*) FROM `users` `u` WHERE `u`.`department_id` = `d`.`id`);
