"""GET and POST /api/users"""

from vault.database import change, rows


def every():
    return rows(
        "SELECT `u`.`id`, `u`.`email`, `u`.`name`, `u`.`display_name`, `d`.`name` AS `department`"
        " FROM `users` `u` LEFT JOIN `departments` `d` ON `d`.`id` = `u`.`department_id` ORDER BY `u`.`id`"
    )


def add(user):
    """{"email", "name", "display_name" or null, "department" (its code) or null}"""
    user_id = change(
        "INSERT INTO `users` (`email`, `name`, `display_name`, `department_id`)"
        " VALUES (%s, %s, %s, (SELECT `id` FROM `departments` WHERE `code` = %s))",
        *(user["email"], user["name"], user.get("display_name") or "", user.get("department")),
    )
    return {"id": user_id}
