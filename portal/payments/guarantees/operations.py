"""Recording a guarantee, verifying or refusing it, giving it back: recipient and finance are two people."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Role, authorise
from portal.access.queries import people_with_role
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import in_both, lazy_
from portal.core.moves import Move
from portal.core.text import clean_line
from portal.core.unit_of_work import violation
from portal.core.written import written
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.apart import TwoPeople, stand_apart
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import LARGEST_FILE, GrantStatus, local_day
from portal.notices.operations import notify
from portal.payments.guarantees.models import Guarantee
from portal.payments.guarantees.queries import guarantee_seen
from portal.payments.guarantees.rules import (
    LONGEST_ISSUER,
    LONGEST_NUMBER,
    LONGEST_REASON,
    REFUSE,
    RELEASE,
    VERIFY,
    GuaranteeStatus,
    GuarantorKind,
)
from portal.payments.operations.conditions import tell_owners_of
from portal.payments.operations.refusals import GrantNotPayable

TEXT = FileRules(("pdf", "p7m"), LARGEST_FILE, field="file")
LONGEST_ACT = 80


class ClausesMissing(Conflict):
    """A guarantee that can be delayed is none."""

    default = lazy_(
        "This guarantee does not pay on first demand, or keeps a defence of art. 1944 or 1957 of the civil code: refuse"
        " it and say which clause is missing."
    )


class KnownAlready(Conflict):
    """The same guarantee twice would cover twice."""

    default = lazy_("A guarantee with this number of this issuer is already recorded for this grant.")


violation("uq_guarantee_number", KnownAlready)
violation("ck_guarantee_two_people", TwoPeople)
violation("ck_guarantee_verified_with_its_clauses", ClausesMissing)


@dataclass(frozen=True, slots=True)
class GuaranteeTyped:
    """A guarantee as its recipient writes it down."""

    kind: GuarantorKind
    issuer: str
    number: str
    amount_cents: int
    valid_until: date | None
    renews: bool
    first_demand: bool
    waives_excussion: bool
    waives_term: bool
    file: Arrived | None = None


def text_rules(session: Session, *, grant_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the file, to whoever may record a guarantee."""
    authorise(actor, Action.GUARANTEE_RECORD, grant_to_read(session, actor, grant_id))
    return TEXT


def record_guarantee(
    session: Session, *, grant_id: UUID, typed: GuaranteeTyped, actor: Actor, now: datetime
) -> Guarantee:
    """The recipient records a guarantee with its text. Raises Invalid with the field, or KnownAlready."""
    grant = grant_to_change(session, actor, Action.GUARANTEE_RECORD, grant_id)
    if grant.status is GrantStatus.CLOSED:
        raise GrantNotPayable
    if actor.person_id is None:
        raise Forbidden
    _lasts(typed, local_day(now))
    if typed.amount_cents <= 0:
        raise Invalid(lazy_("Write the amount that is guaranteed."), "amount")
    issuer = _line(typed.issuer, LONGEST_ISSUER, "issuer", lazy_("Write who gives the guarantee."))
    number = _line(typed.number, LONGEST_NUMBER, "number", lazy_("Write its number."))
    file = store_upload(session, upload=typed.file, rules=TEXT, actor=actor, now=now)
    session.flush()
    guarantee = Guarantee(
        authority_id=grant.authority_id, grant_id=grant.id, kind=typed.kind, issuer=issuer, number=number,
        amount_cents=typed.amount_cents, valid_until=typed.valid_until, renews=typed.renews,
        first_demand=typed.first_demand, waives_excussion=typed.waives_excussion, waives_term=typed.waives_term,
        file_id=file.id, status=GuaranteeStatus.RECORDED, status_at=now, recorded_by=actor.person_id, recorded_at=now,
    )  # fmt: skip
    session.add(guarantee)
    session.flush()
    after = {"cents": guarantee.amount_cents, "valid_until": guarantee.valid_until, "guarantee": f"{issuer} {number}"}
    record(session, at=now, actor=actor, event=Action.GUARANTEE_RECORD, subject=guarantee, after=after)
    _tell_finance(session, guarantee, now)
    return guarantee


def verify_guarantee(session: Session, *, guarantee_id: UUID, actor: Actor, now: datetime) -> Guarantee:
    """Finance has read the text: from now on it covers the advance. Raises ClausesMissing, TwoPeople, IllegalMove."""
    guarantee = _held(session, guarantee_id, Action.GUARANTEE_VERIFY, VERIFY, actor)
    if not guarantee.has_its_clauses:
        raise ClausesMissing
    guarantee.verified_by, guarantee.verified_at = actor.person_id, now
    return _move(session, guarantee, VERIFY, actor, now)


def refuse_guarantee(
    session: Session, *, guarantee_id: UUID, reason: str, actor: Actor, now: datetime
) -> Guarantee:  # fmt: skip
    """It does not serve, and why: the recipient records another one. Raises Invalid without a reason."""
    guarantee = _held(session, guarantee_id, Action.GUARANTEE_VERIFY, REFUSE, actor)
    empty = lazy_("Write what is missing: the recipient reads it.")
    guarantee.refused_reason = written(reason, most=LONGEST_REASON, field="reason", empty=empty)
    moved = _move(session, guarantee, REFUSE, actor, now, reason=guarantee.refused_reason)
    said = lazy_("Guarantee %(number)s was refused: read why, and record another one.", number=guarantee.number)
    path = f"/grants/{guarantee.grant_id}/guarantees"
    tell_owners_of(session, organisation_id=guarantee.grant.organisation_id, text=in_both(said), path=path, now=now)
    return moved


def release_guarantee(
    session: Session, *, guarantee_id: UUID, act: str, released_on: date, actor: Actor, now: datetime
) -> Guarantee:
    """Give it back by an act (svincolo): it covers nothing any more. Raises Invalid, IllegalMove."""
    guarantee = _held(session, guarantee_id, Action.GUARANTEE_RELEASE, RELEASE, actor)
    if released_on > local_day(now):
        raise Invalid(lazy_("The day of the act is in the future: write the day on the act."), "released_on")
    guarantee.release_act = _line(act, LONGEST_ACT, "act", lazy_("Write the number of the act."))
    guarantee.released_on, guarantee.released_by = released_on, actor.person_id
    return _move(session, guarantee, RELEASE, actor, now)


def _held(
    session: Session, guarantee_id: UUID, action: Action, move: Move[GuaranteeStatus], actor: Actor
) -> Guarantee:  # fmt: skip
    """The guarantee for an act of somebody apart from the recipient; its grant is locked first, as for a release."""
    seen = guarantee_seen(session, guarantee_id, actor, action)
    grant_to_change(session, actor, action, seen.grant_id)
    guarantee = guarantee_seen(session, guarantee_id, actor, action, lock=True)
    stand_apart(actor=actor, organisation_id=guarantee.grant.organisation_id, not_again=guarantee.recorded_by)
    move.apply(guarantee.status)
    return guarantee


def _move(
    session: Session, guarantee: Guarantee, move: Move[GuaranteeStatus], actor: Actor, now: datetime,
    *, reason: str | None = None,
) -> Guarantee:  # fmt: skip
    before = {"status": guarantee.status}
    guarantee.make(move, at=now)
    session.flush()
    after = {"status": guarantee.status, "cents": guarantee.amount_cents, "act": guarantee.release_act}
    record(session, at=now, actor=actor, event=f"guarantee.{move.name}", subject=guarantee, before=before, after=after,
           reason=reason)  # fmt: skip
    return guarantee


def _tell_finance(session: Session, guarantee: Guarantee, now: datetime) -> None:
    """A line in the inbox of whoever verifies it."""
    roles = (Role.FINANCE_MAKER, Role.FINANCE_APPROVER)
    people = {each.id for role in roles for each in people_with_role(session, role, guarantee.authority_id, now)}
    said = lazy_("%(reference)s: a guarantee waits to be verified.", reference=guarantee.grant.reference)
    path = f"/grants/{guarantee.grant_id}/guarantees"
    notify(session, people=sorted(people), text=in_both(said), path=path, now=now)


def _lasts(typed: GuaranteeTyped, today: date) -> None:
    if typed.valid_until is None and not typed.renews:
        raise Invalid(lazy_("Write its last day, or tick that it is renewed until the office releases it."),
                      "valid_until")  # fmt: skip
    if typed.valid_until is not None and typed.valid_until < today and not typed.renews:
        raise Invalid(lazy_("This day is past: the guarantee covers nothing any more."), "valid_until")


def _line(text: str, most: int, field: str, empty: object) -> str:
    return written(clean_line(text), most=most, field=field, empty=empty)
