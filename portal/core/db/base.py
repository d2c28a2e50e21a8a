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
    """A fresh UUIDv7 (RFC 9562): keys sort by the millisecond of their making."""
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (stamp << 80) | random
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


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
