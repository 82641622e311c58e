"""GET and POST /api/users"""

from vault.database import change, rows


def every():
    return rows("SELECT `id`, `email`, `name`, `nickname`, `team` FROM `users` ORDER BY `id`")


def add(user):
    """{"email", "name", "nickname" or null, "team" or null}"""
    user_id = change(
        "INSERT INTO `users` (`email`, `name`, `nickname`, `team`) VALUES (%s, %s, %s, %s)",
        *(user["email"], user["name"], user.get("nickname"), user.get("team")),
    )
    return {"id": user_id}
