"""GET and POST /api/departments"""

from vault.database import change, rows


def every():
    return rows("SELECT `id`, `code`, `name` FROM `departments` ORDER BY `id`")


def add(department):
    """{"code", "name"}"""
    statement = "INSERT INTO `departments` (`code`, `name`) VALUES (%s, %s)"
    return {"id": change(statement, department["code"], department["name"])}
