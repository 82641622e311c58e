-- CreateView
CREATE VIEW `order_totals` AS
SELECT `o`.`id`, `c`.`email`, `o`.`reference`, `o`.`status`, `o`.`placed_at`,
       COALESCE(SUM(`l`.`quantity` * `l`.`unit_price`), 0) AS `total`
FROM `orders` `o`
JOIN `customers` `c` ON `c`.`id` = `o`.`customer_id`
LEFT JOIN `order_lines` `l` ON `l`.`order_id` = `o`.`id`
GROUP BY `o`.`id`, `c`.`email`, `o`.`reference`, `o`.`status`, `o`.`placed_at`;
