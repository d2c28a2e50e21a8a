"""Column types that mean the same on SQLite and on PostgreSQL."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum as PyEnum
from typing import Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator


class Cents(TypeDecorator[int]):
    """An amount of money in whole cents of euro; never a float, never a fraction."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(f"cents are whole numbers, not {type(value).__name__}")
        return value


class UtcDateTime(TypeDecorator[datetime]):
    """An instant, aware, stored in UTC; a naive datetime is a programming error."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("an instant needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@dataclass(frozen=True, slots=True)
class WrittenJson:
    """A document that is JSON text already: it is stored as it is, not written a second time."""

    text: str


def json_text(value: object) -> str:
    """How every engine writes a document."""
    return value.text if isinstance(value, WrittenJson) else json.dumps(value)


JsonDocument = JSON().with_variant(JSONB(), "postgresql")
StoredText = JSON()
"""A document that is read whole or not at all, and may be of megabytes: both engines keep it as it was written."""


def value_enum(enum_class: type[PyEnum]) -> Enum:
    """An enum column that stores values, as text guarded by a named CHECK on both engines."""
    name = "".join("_" + c.lower() if c.isupper() else c for c in enum_class.__name__).lstrip("_")
    longest = max(len(str(member.value)) for member in enum_class)
    return Enum(
        enum_class,
        name=name,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        length=max(32, longest),
        values_callable=_values,
    )


def _values(enum_class: Any) -> list[str]:
    return [str(member.value) for member in enum_class]
