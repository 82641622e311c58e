"""GET /api/health"""

from pathlib import Path

import pymysql

from orders import catalog
from orders.database import rows


class Unhealthy(Exception):
    def __init__(self, report):
        self.report = report


def report():
    version = Path("version.txt").read_text().strip()
    try:
        rows("SELECT 1")
        catalog_version = catalog.version()
    except (pymysql.Error, OSError) as problem:
        raise Unhealthy({"status": "failing", "version": version, "problem": str(problem)}) from problem
    return {"status": "ok", "version": version, "database": "ok", "catalog": catalog_version}
