"""Staff roles: which take two people, which exclude each other, and how long one may stand in for another."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.access.policy import FINANCE_ROLES, Role
from portal.core.errors import Invalid
from portal.core.i18n import lazy_

ROME = ZoneInfo("Europe/Rome")

TWO_PERSON_ROLES = FINANCE_ROLES | {Role.ADMINISTRATOR}
"""Proposed by one administrator, confirmed by another. Administrators too: who could make one alone would confirm
their own proposals through it."""

DELEGABLE = frozenset(
    {Role.OFFICER, Role.FINANCE_MAKER, Role.FINANCE_APPROVER, Role.AUDITOR, Role.DATA_PROTECTION_OFFICER}
)
"""What a colleague may do in one's place. A seat on a commission and the company of a coach are held in person, and the
roles of an administrator are granted by the others."""

LONGEST_DELEGATION = timedelta(days=60)
ENDS_SOON = timedelta(days=3)
"""How long before its end a stand-in is told on the desk."""


class Where(StrEnum):
    """How far two roles must be kept apart."""

    AUTHORITY = "authority"
    CALL = "call"
    OBJECT = "object"


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Two roles that one person never holds together (P18). `PERSON` stands for a member of the applicant.

    `held_by` names what refuses the pair: an operation, or a constraint of the database.
    """

    first: Role
    second: Role
    where: Where
    held_by: str

    def other(self, role: Role) -> Role | None:
        """The opposite of a role in this pair."""
        if role is self.first:
            return self.second
        return self.first if role is self.second else None


GRANTING = "portal.access.operations.receiving:must_be_free_for"
SEATING = "portal.evaluation.operations.commissions:appoint_commission"
ONE_SEAT = "uq_commission_member_commission_id_person_id"
DECIDING = "portal.grants.apart:stand_apart"
PAYING = "portal.payments.operations.conditions:stand_apart"
FOUR_EYES = "ck_tranche_maker_is_not_checker"

EXCLUSIONS = (
    Exclusion(Role.FINANCE_MAKER, Role.FINANCE_APPROVER, Where.AUTHORITY, GRANTING),
    Exclusion(Role.ADMINISTRATOR, Role.FINANCE_MAKER, Where.AUTHORITY, GRANTING),
    Exclusion(Role.ADMINISTRATOR, Role.FINANCE_APPROVER, Where.AUTHORITY, GRANTING),
    Exclusion(Role.AUDITOR, Role.OFFICER, Where.AUTHORITY, GRANTING),
    Exclusion(Role.AUDITOR, Role.FINANCE_MAKER, Where.AUTHORITY, GRANTING),
    Exclusion(Role.AUDITOR, Role.FINANCE_APPROVER, Where.AUTHORITY, GRANTING),
    Exclusion(Role.AUDITOR, Role.ADMINISTRATOR, Where.AUTHORITY, GRANTING),
    Exclusion(Role.DATA_PROTECTION_OFFICER, Role.ADMINISTRATOR, Where.AUTHORITY, GRANTING),
    Exclusion(Role.PERSON, Role.EVALUATOR, Where.CALL, SEATING),
    Exclusion(Role.PERSON, Role.CHAIR, Where.CALL, SEATING),
    Exclusion(Role.EVALUATOR, Role.CHAIR, Where.CALL, ONE_SEAT),
    Exclusion(Role.PERSON, Role.OFFICER, Where.OBJECT, DECIDING),
    Exclusion(Role.PERSON, Role.FINANCE_MAKER, Where.OBJECT, PAYING),
    Exclusion(Role.PERSON, Role.FINANCE_APPROVER, Where.OBJECT, PAYING),
    Exclusion(Role.FINANCE_MAKER, Role.FINANCE_APPROVER, Where.OBJECT, FOUR_EYES),
)
"""The one table of P18. In one authority it is asked when a role is granted, proposed, confirmed or handed over; on one
call or one object the room that knows it asks. Auditors check what the others do; the data-protection officer takes no
part in deciding how data are processed (GDPR art. 38.6)."""


def excluded_by(role: Role, held: Iterable[Role]) -> Role | None:
    """The first of the roles held in one authority that excludes this one there, by name."""
    apart = {pair.other(role) for pair in EXCLUSIONS if pair.where is Where.AUTHORITY}
    return next((each for each in sorted(held) if each in apart), None)


def minds_applicants(role: Role) -> bool:
    """Whether somebody who belongs to an applicant is granted this role only with a warning."""
    return any(pair.other(role) is Role.PERSON for pair in EXCLUSIONS)


def first_instant(day: date) -> datetime:
    """When a day begins in Rome."""
    return datetime.combine(day, time(), ROME)


def end_of(last_day: date) -> datetime:
    """When a role ends that holds until this day, the day included."""
    return first_instant(last_day + timedelta(days=1))


def checked_end(last_day: date | None, now: datetime) -> datetime | None:
    """The end of a role that holds until this day. Raises Invalid for a day that has passed."""
    if last_day is None:
        return None
    if last_day < now.astimezone(ROME).date():
        raise Invalid(lazy_("This day has passed. Choose today or a later day."), "last_day")
    return end_of(last_day)


def absence(first_day: date, last_day: date, now: datetime) -> tuple[datetime, datetime]:
    """Beginning and end of an absence; today begins at once. Raises Invalid when past, upside down or too long."""
    today = now.astimezone(ROME).date()
    if first_day < today:
        raise Invalid(lazy_("This day has passed. Choose today or a later day."), "first_day")
    if last_day < first_day:
        raise Invalid(lazy_("The last day comes before the first one."), "last_day")
    if end_of(last_day) - first_instant(first_day) > LONGEST_DELEGATION + timedelta(hours=1):
        raise Invalid(
            lazy_(
                "A stand-in lasts at most %(days)s days. For a longer absence an administrator grants the role.",
                days=LONGEST_DELEGATION.days,
            ),
            "last_day",
        )
    return max(now, first_instant(first_day)), end_of(last_day)


def last_day(until: datetime) -> datetime:
    """The last instant before an end, whose day is the last one included."""
    return until - timedelta(seconds=1)
