"""Defines a row of the table `_prisma_migrations`, which records the migrations applied to a database."""

from dataclasses import dataclass

TABLE = "_prisma_migrations"


@dataclass(frozen=True)
class HistoryRow:
    """Holds one row, columns in the table's order. Times are UTC, printed like `2026-11-21 23:52:06.086`."""

    id: str
    checksum: str
    finished_at: str | None
    migration_name: str
    logs: str | None
    rolled_back_at: str | None
    started_at: str
    applied_steps_count: int

    @property
    def is_applied(self) -> bool:
        """Returns whether the migration finished and was not rolled back."""
        return self.finished_at is not None and self.rolled_back_at is None

    @property
    def is_failed(self) -> bool:
        """Returns whether the migration failed or was interrupted: neither finished nor rolled back."""
        return self.finished_at is None and self.rolled_back_at is None
