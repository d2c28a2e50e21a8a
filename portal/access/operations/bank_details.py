"""The account to be paid: proposed by one person, verified by another, rejected by whoever does not know of it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails
from portal.access.policy import Action
from portal.access.queries.organisations import (
    accounts_of,
    bank_details_for,
    hold_organisation,
    organisation_seen,
)
from portal.access.queries.people import MEMBER_TIES
from portal.access.rules import (
    REJECT,
    REPLACE,
    VERIFY,
    AccountChanged,
    AccountNews,
    BankDetailsStatus,
    masked_iban,
)
from portal.access.rules.bank import rests_until
from portal.access.rules.identifiers import valid_iban
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import violation

LONGEST_REASON = 500


class SamePerson(Conflict):
    """Whoever proposed an account does not verify it."""

    default = lazy_("Whoever proposed this account cannot verify it: another finance approver does.")


class OwnAccount(Forbidden):
    """Nobody verifies the account of an organisation they belong to (P10)."""

    default = lazy_("You belong to this organisation: another finance approver verifies its account.")


class AccountInForce(Conflict):
    """An account that has been paid for a while is changed by proposing another one."""

    default = lazy_("This account is in force: it can no longer be rejected. Propose the right one in its place.")


class PaidThroughItsLead(Conflict):
    """A consortium has no account of its own."""

    default = lazy_("Grants of a consortium are paid to the account of the organisation that leads it.")


violation("ck_bank_details_two_people", SamePerson)


def propose_bank_details(
    session: Session, *, organisation_id: UUID, iban: str, holder: str, actor: Actor, now: datetime
) -> BankDetails:
    """Propose the account to be paid; it counts once another person has verified it. Payments are frozen meanwhile."""
    seen = organisation_seen(session, organisation_id, actor, Action.BANK_DETAILS_PROPOSE)
    if actor.person_id is None:
        raise Forbidden
    checked, named = valid_iban(iban), clean_line(holder)
    if not named:
        raise Invalid(lazy_("Write the holder of the account, as the bank knows it."), "holder")
    if seen.organisation.is_consortium:
        raise PaidThroughItsLead
    organisation = hold_organisation(session, seen.organisation.id)
    _put_aside(session, organisation.id, BankDetailsStatus.PROPOSED, actor, now)
    row = BankDetails(
        organisation_id=organisation.id,
        iban=checked,
        holder=named,
        status=BankDetailsStatus.PROPOSED,
        status_at=now,
        proposed_by=actor.person_id,
        proposed_at=now,
    )
    session.add(row)
    after = {"iban": masked_iban(checked), "holder": named}
    record(session, at=now, actor=actor, event=Action.BANK_DETAILS_PROPOSE, subject=row, after=after)
    _announce(session, row, AccountNews.PROPOSED, _in_force(session, organisation.id), now)
    return row


def verify_bank_details(
    session: Session, *, organisation_id: UUID, bank_details_id: UUID, actor: Actor, now: datetime
) -> BankDetails:
    """Confirm a proposed account, by another person than who proposed it; the one before it is replaced.

    A change is paid only after its cooling time. Raises SamePerson, OwnAccount, IllegalMove.
    """
    row = bank_details_for(session, organisation_id, bank_details_id, actor, Action.BANK_DETAILS_VERIFY)
    if not actor.ties_to(row.organisation_id).isdisjoint(MEMBER_TIES):
        raise OwnAccount
    if row.proposed_by == actor.person_id:
        raise SamePerson
    VERIFY.apply(row.status)
    before = _in_force(session, row.organisation_id)
    _put_aside(session, row.organisation_id, BankDetailsStatus.VERIFIED, actor, now)
    row.verified_by = actor.person_id
    row.make(VERIFY, at=now)
    after = {"iban": masked_iban(row.iban), "holder": row.holder}
    told = {"iban": masked_iban(before.iban), "holder": before.holder} if before else None
    record(session, at=now, actor=actor, event=Action.BANK_DETAILS_VERIFY, subject=row, before=told, after=after)
    _announce(session, row, AccountNews.VERIFIED, before, now)
    return row


def reject_bank_details(
    session: Session, *, organisation_id: UUID, bank_details_id: UUID, reason: str, actor: Actor, now: datetime
) -> BankDetails:
    """Say that an account is not to be paid: one that waits, or one verified that is still in its cooling time.

    The account that was in force before a proposal stays so. After a verified one there is none: nothing is paid
    until another is proposed and verified. Raises AccountInForce, IllegalMove.
    """
    row = bank_details_for(session, organisation_id, bank_details_id, actor, Action.BANK_DETAILS_REJECT)
    before = row.status
    REJECT.apply(before)
    if before is BankDetailsStatus.VERIFIED and rests_until(accounts_of(session, row.organisation_id), now) is None:
        raise AccountInForce
    row.rejected_by = actor.person_id
    row.rejection_reason = clean_line(reason)[:LONGEST_REASON] or None
    row.make(REJECT, at=now)
    after = {"status": row.status, "iban": masked_iban(row.iban), "holder": row.holder}
    record(
        session, at=now, actor=actor, event=Action.BANK_DETAILS_REJECT, subject=row, before={"status": before},
        after=after, reason=row.rejection_reason,
    )  # fmt: skip
    _announce(session, row, AccountNews.REJECTED, _in_force(session, row.organisation_id), now)
    return row


def _in_force(session: Session, organisation_id: UUID) -> BankDetails | None:
    query = select(BankDetails).where(
        BankDetails.organisation_id == organisation_id, BankDetails.status == BankDetailsStatus.VERIFIED
    )
    return session.scalars(query).one_or_none()


def _put_aside(session: Session, organisation_id: UUID, status: BankDetailsStatus, actor: Actor, now: datetime) -> None:
    """Replace the account in this status before another takes its place: the database allows one of each."""
    query = select(BankDetails).where(BankDetails.organisation_id == organisation_id, BankDetails.status == status)
    for earlier in session.scalars(query):
        earlier.make(REPLACE, at=now)
        record(
            session, at=now, actor=actor, event="bank_details.replace", subject=earlier, before={"status": status},
            after={"status": earlier.status},
        )  # fmt: skip
    session.flush()


def _announce(session: Session, row: BankDetails, news: AccountNews, before: BankDetails | None, now: datetime) -> None:
    session.flush()
    announce(session, AccountChanged(row.id, before.id if before else None, news, now))
