-- AlterTable
ALTER TABLE `users` ADD COLUMN `department_id` INTEGER NULL;

-- Every team that is not a department yet becomes one
INSERT INTO `departments` (`code`, `name`)
SELECT CONCAT('TEAM', MIN(`u`.`id`)), `u`.`team`
FROM `users` `u` LEFT JOIN `departments` `d` ON `d`.`name` = `u`.`team`
WHERE `u`.`team` IS NOT NULL AND `d`.`id` IS NULL
GROUP BY `u`.`team`;

-- Users go where their team went
UPDATE `users` `u` JOIN `departments` `d` ON `d`.`name` = `u`.`team` SET `u`.`department_id` = `d`.`id`;

-- CreateIndex
CREATE INDEX `users_department_id_idx` ON `users`(`department_id`);

-- AddForeignKey
ALTER TABLE `users` ADD CONSTRAINT `users_department_id_fkey` FOREIGN KEY (`department_id`) REFERENCES `departments`(`id`) ON DELETE SET NULL ON UPDATE CASCADE;

-- CreateView
CREATE VIEW `department_overview` AS
SELECT `d`.`code`, `d`.`name`, COUNT(`u`.`id`) AS `users`
FROM `departments` `d` LEFT JOIN `users` `u` ON `u`.`department_id` = `d`.`id`
GROUP BY `d`.`id`, `d`.`code`, `d`.`name`;
