"""What a column is: personal, a reference to a person, or nothing of a person. Whatever is not known to be is untagged.

A type alone tells for keys, figures, instants and closed lists; a name alone for the columns listed here, each with its
reason. Every other column says it itself (`info=personal(…)` or `info=impersonal`), and a house test asks for it.
"""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, Date, Enum, Integer, MetaData, Table, Uuid

from portal.core.db.types import Cents, UtcDateTime
from portal.core.privacy.tags import Holding, Personal

PEOPLE = "person"
"""The table of people: its key is the reference that everything else is classified by."""

SAYS_NOTHING_OF_A_PERSON = (Boolean, Cents, Date, Enum, Integer, UtcDateTime, Uuid)
"""Types that hold keys, figures, instants, days and closed lists."""

TELLING = re.compile(r"birth|born|gender|\bsex\b|nationality|ethnic|religion|health|disability|phone|income|(^|_)age$")
"""Names that tell something of a person whatever their type: these are always tagged."""

HASHES = "a hash, its salt, or a token's hash: nothing can be read from it"
CODES = "a code of the portal's own vocabulary or of a call's design"
NUMBERS = "a number given to an act, a file or a message by an office or by the portal"
IMPERSONAL_NAMES = {
    **dict.fromkeys(
        ("actor_hash", "values_hash", "previous_hash", "hash", "salt", "sha256", "content_sha256", "input_sha256",
         "output_sha256", "fingerprint", "token_hash", "former_token_hash", "challenge", "actor_salt", "digest",
         "previous_digest"),
        HASHES,
    ),
    **dict.fromkeys(
        ("key", "kind", "slug", "series", "slot", "document_key", "storage_key", "criterion", "object_type",
         "subject_type", "event", "media_type", "zone", "area", "outcome", "actor_roles"),
        CODES,
    ),
    **dict.fromkeys(
        ("act_number", "provisional_act_number", "cup", "message_id", "end_to_end_id", "register_code", "istat_code",
         "reference", "request_id"),
        NUMBERS,
    ),
}  # fmt: skip
"""The one reviewed list: columns of these names need no tag, and why."""


class Nature(StrEnum):
    """What a column says of people."""

    PERSONAL = "personal"
    REFERENCE = "reference"
    IMPERSONAL = "impersonal"
    UNTAGGED = "untagged"


def nature_of(column: Column[Any]) -> Nature:
    """The nature of one column; a tag of its own comes first."""
    if "personal" in column.info:
        return Nature.PERSONAL
    if refers_to_a_person(column):
        return Nature.REFERENCE
    if column.info.get("impersonal"):
        return Nature.IMPERSONAL
    if TELLING.search(column.name):
        return Nature.UNTAGGED
    if isinstance(column.type, SAYS_NOTHING_OF_A_PERSON) or column.name in IMPERSONAL_NAMES:
        return Nature.IMPERSONAL
    return Nature.UNTAGGED


def refers_to_a_person(column: Column[Any]) -> bool:
    """A pseudonymous reference: a key of the table of people, or of who did something below it (`…_by`, `actor_id`)."""
    if any(key.target_fullname == f"{PEOPLE}.id" for key in column.foreign_keys):
        return True
    named = column.name in ("by", "actor_id", "person_id") or column.name.endswith("_by")
    return named and isinstance(column.type, Uuid)


def tag_of(column: Column[Any]) -> Personal | None:
    """The tag of a personal column."""
    found: Personal | None = column.info.get("personal")
    return found


def tags_of(table: Table) -> list[tuple[Column[Any], Personal]]:
    """The personal columns of a table, in order, with their tags."""
    return [(column, tag) for column in table.columns if (tag := tag_of(column)) is not None]


def holding_of(table: Table) -> Holding | None:
    """What a table is called towards people, and when its rows go."""
    found: Holding | None = table.info.get("holding")
    return found


def tables(metadata: MetaData) -> list[Table]:
    """Every table by name."""
    return sorted(metadata.tables.values(), key=lambda table: table.name)


def untagged(metadata: MetaData) -> Iterator[str]:
    """Each column that nobody has classified, with the mend."""
    for table in tables(metadata):
        for column in table.columns:
            if nature_of(column) is Nature.UNTAGGED:
                yield (
                    f"{table.name}.{column.name} may hold personal data: say info=personal(purpose) or info=impersonal"
                )
