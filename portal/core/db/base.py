"""The declarative base and the extension that hands out sessions."""

import os
import time
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, MetaData, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, registry

from portal.core.db.types import JsonDocument, UtcDateTime

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id() -> UUID:
    """A fresh UUIDv7: keys of one process sort as they were made, a quarter of a microsecond apart (RFC 9562, 6.2)."""
    millisecond, rest = divmod(time.time_ns(), 1_000_000)
    within = rest * 4096 // 1_000_000
    random = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=millisecond << 80 | 0x7 << 76 | within << 64 | 0x2 << 62 | random)


TYPES: dict[Any, Any] = {
    datetime: UtcDateTime,
    dict[str, Any]: JsonDocument,
    list[Any]: JsonDocument,
    JSON: JsonDocument,
    UUID: Uuid,
}


class Base(DeclarativeBase):
    """Every table of the house: UUIDv7 key, named constraints, typed columns."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map=TYPES)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


database = SQLAlchemy(model_class=Base, disable_autonaming=True, session_options={"autoflush": True})


def db_session() -> Session:
    """The session of this application context."""
    return database.session()
