"""GET /api/health"""

from pathlib import Path

from pg8000.exceptions import Error

from catalog.database import rows


class Unhealthy(Exception):
    def __init__(self, report):
        self.report = report


def report():
    version = Path("version.txt").read_text().strip()
    try:
        rows("SELECT 1")
    except (Error, OSError) as problem:
        raise Unhealthy({"status": "failing", "version": version, "database": str(problem)}) from problem
    return {"status": "ok", "version": version, "database": "ok"}
