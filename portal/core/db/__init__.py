"""The database: one base, portable column types, engines, and the guards each dialect needs."""

from portal.core.db.base import Base, database, db_session, new_id
from portal.core.db.bulk import insert_rows
from portal.core.db.engine import make_engine
from portal.core.db.types import Cents, JsonDocument, StoredText, UtcDateTime, WrittenJson, value_enum
from portal.core.db.violated import constraint_of

__all__ = [
    "Base",
    "Cents",
    "JsonDocument",
    "StoredText",
    "UtcDateTime",
    "WrittenJson",
    "constraint_of",
    "database",
    "db_session",
    "insert_rows",
    "make_engine",
    "new_id",
    "value_enum",
]
