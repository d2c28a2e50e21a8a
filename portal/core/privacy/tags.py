"""Tags of personal columns: what for, whose, for how long, who gets a copy, what erasure does.

`mapped_column(…, info=personal("notices"))` takes everything else from its purpose (`purposes.py`). A column that
says nothing of a person is `info=impersonal`. A table says what it is called towards people, and after which term its
rows go, as the last of its `__table_args__`: `holding(lazy_("Sign-ins"), kept=SIGN_INS_KEPT, since="absolute_end")`.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portal.core.privacy.purposes import PURPOSES, Purpose
from portal.core.privacy.terms import Term, term_of
from portal.core.privacy.treatment import BLANK, DELETE, STRIKE, TRAIL, Because, Erasure, Export, Fate, kept, replaced

FATES = {"blank": BLANK, "delete": DELETE, "strike": STRIKE, "trail": TRAIL}


class Match(StrEnum):
    """How a row names its person: by key, by key written as text, by e-mail address, or by its hash."""

    KEY = "key"
    WRITTEN_KEY = "written_key"
    ADDRESS = "address"
    ADDRESS_HASH = "address_hash"


@dataclass(frozen=True, slots=True)
class Subject:
    """Where a row names the person: a column, or a path of foreign keys that ends at one."""

    path: str
    by: Match = Match.KEY


def address(column: str) -> Subject:
    """The row is about whoever has the e-mail address in this column."""
    return Subject(column, Match.ADDRESS)


def address_hash(column: str) -> Subject:
    """The row is about whoever has the e-mail address whose hash stands in this column."""
    return Subject(column, Match.ADDRESS_HASH)


def written_key(column: str) -> Subject:
    """The row is about the person whose key is written out as text in this column."""
    return Subject(column, Match.WRITTEN_KEY)


ERASED = "Dati cancellati · Data erased"
"""What stands in place of a name, in both languages: it is stored."""

NOBODY = "nobody"
"""No column names the person: the text may speak of anybody."""


@dataclass(frozen=True, slots=True)
class Personal:
    """The tag of one column. `mentions`: others may be named in it; their names are struck out at their erasure."""

    purpose: Purpose
    what: object
    basis: str
    kept: Term
    export: Export
    erasure: Erasure
    subject: Subject | None
    special: bool
    mentions: bool


def personal(
    purpose: str,
    what: object = None,
    *,
    basis: str | None = None,
    retention: str | None = None,
    export: str | None = None,
    erasure: Erasure | str | None = None,
    subject: Subject | str | None = None,
    special: bool = False,
    mentions: bool = False,
) -> dict[str, Any]:
    """Column `info` of personal data; whatever is not given is as its purpose says. `special`: GDPR art. 9."""
    known = PURPOSES[purpose]
    fate = FATES[erasure] if isinstance(erasure, str) else erasure or known.erasure
    tag = Personal(
        purpose=known,
        what=what,
        basis=basis or known.basis,
        kept=known.kept if retention is None else term_of(retention),
        export=Export(export) if export else known.export,
        erasure=fate,
        subject=_subject(subject if subject is not None else known.subject),
        special=special,
        mentions=mentions or fate.fate is Fate.STRIKE,
    )
    return {"personal": tag}


def _subject(given: Subject | str | None) -> Subject | None:
    if given is None or given == NOBODY:
        return None
    return given if isinstance(given, Subject) else Subject(given)


impersonal: dict[str, Any] = {"impersonal": True}
"""Column `info` of what says nothing of a natural person."""


@dataclass(frozen=True, slots=True)
class Holding:
    """What a table is called towards people, and when its rows go: `kept` after the instant in `since`."""

    title: object
    kept: Term | None = None
    since: str = ""


def holding(title: object, *, kept: Term | None = None, since: str = "") -> dict[str, Any]:
    """The last of `__table_args__`. Rows whose `since` is empty never go."""
    if (kept is None) != (not since):
        raise ValueError("a term and the instant it begins at come together")
    return {"info": {"holding": Holding(title, kept, since)}}


__all__ = [
    "ERASED",
    "NOBODY",
    "Because",
    "Holding",
    "Match",
    "Personal",
    "Subject",
    "address",
    "address_hash",
    "holding",
    "impersonal",
    "kept",
    "personal",
    "replaced",
    "written_key",
]
