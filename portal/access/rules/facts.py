"""Facts that the office verifies, each with an expiry, and the documents members hand in for them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.moves import Move

ROME = ZoneInfo("Europe/Rome")


class FactKind(StrEnum):
    """What the office verifies about an organisation, with an expiry."""

    DURC = "durc"
    STATUTE = "statute"
    REGISTER_EXTRACT = "register_extract"


class OfferStatus(StrEnum):
    """A document that members hand in waits until the office has verified it."""

    OFFERED = "offered"
    VERIFIED = "verified"
    REFUSED = "refused"
    REPLACED = "replaced"


VERIFY_OFFER = Move("verify", frozenset({OfferStatus.OFFERED}), OfferStatus.VERIFIED)
REFUSE_OFFER = Move("refuse", frozenset({OfferStatus.OFFERED}), OfferStatus.REFUSED)
REPLACE_OFFER = Move("replace", frozenset({OfferStatus.OFFERED}), OfferStatus.REPLACED)

DURC_VALID_FOR = timedelta(days=120)
"""Validity of the certificate of regular contributions (DM 30/1/2015). [M]"""
EXTRACT_VALID_FOR = timedelta(days=180)
"""Validity of an extract of a public register (DPR 445/2000, art. 41: six months). [M]"""
VALID_FOR: dict[FactKind, timedelta | None] = {
    FactKind.DURC: DURC_VALID_FOR,
    FactKind.STATUTE: None,
    FactKind.REGISTER_EXTRACT: EXTRACT_VALID_FOR,
}
"""How long each kind is valid from its issue; None: until it changes."""

TELL_BEFORE = timedelta(days=30)
"""Members are asked for a new document so long before the one in force expires, and as long after."""
ACCEPTED = ("pdf", "p7m", "png", "jpg")
MOST_BYTES = 10 * 1024 * 1024
OLDEST = date(1861, 3, 17)


def local_day(instant: datetime) -> date:
    """The day of an instant by Rome's calendar: that of every date of issue and expiry."""
    return instant.astimezone(ROME).date()


def valid_until(kind: FactKind, issued_on: date) -> date | None:
    """The last day of a document of this kind issued on this day; None when it does not expire."""
    lasts = VALID_FOR[kind]
    return issued_on + lasts if lasts is not None else None


def check_issued_on(issued_on: date, today: date) -> None:
    """Raise Invalid unless the date of issue can be true."""
    if issued_on > today:
        raise Invalid(lazy_("The date of issue is in the future. Copy it from the document."), "issued_on")
    if issued_on < OLDEST:
        raise Invalid(lazy_("This date of issue is too long ago. Check the year."), "issued_on")


def check_valid_until(until: date | None, issued_on: date) -> None:
    """Raise Invalid when a document would expire before it was issued."""
    if until is not None and until < issued_on:
        raise Invalid(lazy_("The document would expire before its date of issue. Check both dates."), "valid_until")


@dataclass(frozen=True, slots=True)
class OfferDecided:
    """The office verified a document that members handed in, or refused it."""

    offer_id: UUID
    at: datetime
