"""Describes a release that an import has brought here, for what is said about its data afterwards."""

from installer.operations.decisions.sqlite_stores import sqlite_stores
from installer.operations.plan.import_plan import Situation
from installer.operations.services.change_context import Change


def situation_of(change: Change) -> Situation:
    """Returns the situation without the old installation, which may not run any more."""
    model = change.new_model
    stores = sqlite_stores(model, change.engine, but_for=change.plan.database_services)
    return Situation(change.manifest, change.new, model, None, change.plan, file_stores=stores)
