"""Keeping the register of aid: what others granted, who is linked to whom, codes, who is an undertaking at all."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Organisation
from portal.access.policy import Action, Role
from portal.access.queries.organisations import organisation_seen
from portal.access.rules.facts import local_day
from portal.calls.rules import AidRegime
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.unit_of_work import violation
from portal.core.written import written
from portal.grants.aid.queries import entry_locked, link_locked, links_between, organisation_with_code
from portal.grants.apart import stand_apart
from portal.grants.models import ActivityFinding, AidEntry, UndertakingLink

LONGEST_NAME = 200
LONGEST_NOTE = 1000
LONGEST_CODE = 20


class CodeRecorded(Conflict):
    """A grant has one code."""

    default = lazy_("The code of this aid is recorded already.")


class LinkEnded(Conflict):
    """A link ends once."""

    default = lazy_("This link has ended already.")


class LinkedAlready(Conflict):
    """Two organisations are linked once at a time."""

    default = lazy_("These two are linked already.")


violation("uq_undertaking_link_first_id_second_id_since", LinkedAlready)
violation("undertaking_link.first_id", LinkedAlready)


@dataclass(frozen=True, slots=True)
class AidTyped:
    """Aid of another authority, as declared or read in the register (RNA)."""

    regime: AidRegime
    granted_on: date
    cents: int
    granted_by: str
    received_by: str = ""
    cor: str = ""


def record_aid(
    session: Session, *, organisation_id: UUID, typed: AidTyped, actor: Actor, now: datetime
) -> AidEntry:  # fmt: skip
    """Write down aid that others granted to an organisation, or to one linked to it that the portal does not know."""
    organisation = _to_keep(session, organisation_id, actor)
    if typed.granted_on > local_day(now):
        raise Invalid(lazy_("Aid cannot be granted in the future: copy the date from the act."), "granted_on")
    if typed.cents <= 0:
        raise Invalid(lazy_("Write an amount above zero."), "amount")
    by = written(typed.granted_by, most=LONGEST_NAME, field="granted_by", empty=lazy_("Write who granted it."))
    cor = clean_code(text=typed.cor) if typed.cor.strip() else None
    entry = AidEntry(
        organisation_id=organisation.id, regime=typed.regime, granted_on=typed.granted_on, cents=typed.cents,
        granted_by=by, received_by=clean_line(typed.received_by)[:LONGEST_NAME] or None, cor=cor,
        cor_at=now if cor else None, cor_by=actor.person_id if cor else None, recorded_by=actor.person_id,
        recorded_at=now,
    )  # fmt: skip
    session.add(entry)
    after = {"cents": entry.cents, "granted_on": entry.granted_on, "granted_by": by, "regime": entry.regime}
    record(session, at=now, actor=actor, event=Action.AID_RECORD, subject=organisation, after=after)
    return entry


def record_code(
    session: Session, *, organisation_id: UUID, entry_id: UUID, cor: str, actor: Actor, now: datetime
) -> AidEntry:
    """Write down the code (COR) that the register gave to aid, once; of a grant, its own office does.

    Raises CodeRecorded, Invalid, NotFound.
    """
    organisation = _to_keep(session, organisation_id, actor)
    entry = entry_locked(session, organisation_id, entry_id)
    if entry.grant is not None and entry.grant.authority_id not in actor.authorities_as(Role.OFFICER):
        raise NotFound
    if entry.cor is not None:
        raise CodeRecorded
    entry.cor, entry.cor_at, entry.cor_by = clean_code(text=cor), now, actor.person_id
    after = {"cor": entry.cor, "cents": entry.cents, "granted_on": entry.granted_on}
    record(session, at=now, actor=actor, event="aid.cor", subject=organisation, after=after)
    return entry


def link_undertakings(
    session: Session, *, organisation_id: UUID, fiscal_code: str, note: str, actor: Actor, now: datetime
) -> UndertakingLink:
    """State that two organisations are one single undertaking (impresa unica). Raises Invalid, LinkedAlready."""
    organisation = _to_keep(session, organisation_id, actor)
    other = organisation_with_code(session, clean_line(fiscal_code).replace(" ", "").upper())
    if other is None or other.id == organisation.id:
        raise Invalid(
            lazy_("No other organisation here has this code. Aid of one that is not here is recorded with its name."),
            "fiscal_code",
        )  # fmt: skip
    why = written(note, most=LONGEST_NOTE, field="note", empty=lazy_("Write how they are linked, such as a majority."))
    first, second = sorted((organisation.id, other.id))
    link = _linked(session, first, second, why, actor=actor, now=now)
    for each, partner in ((organisation, other), (other, organisation)):
        record(session, at=now, actor=actor, event="aid.linked", subject=each, after={"linked": partner.name},
               reason=why)  # fmt: skip
    return link


def _linked(
    session: Session, first_id: UUID, second_id: UUID, why: str, *, actor: Actor, now: datetime
) -> UndertakingLink:
    """A new link. One that began and ended today never opens again: the new one bears the day before."""
    before = links_between(session, first_id, second_id)
    if any(each.until is None for each in before):
        raise LinkedAlready
    since, taken = local_day(now), {each.since for each in before}
    while since in taken:
        since -= timedelta(days=1)
    link = UndertakingLink(
        first_id=first_id, second_id=second_id, since=since, note=why, recorded_by=actor.person_id, recorded_at=now
    )
    session.add(link)
    session.flush()
    return link


def end_link(session: Session, *, organisation_id: UUID, link_id: UUID, actor: Actor, now: datetime) -> UndertakingLink:
    """The two are one undertaking no longer, from today; what was counted before stays counted."""
    organisation = _to_keep(session, organisation_id, actor)
    link = link_locked(session, organisation_id, link_id)
    if link.until is not None:
        raise LinkEnded
    link.until, link.ended_by = local_day(now), actor.person_id
    other = link.second if link.first_id == organisation_id else link.first
    for each, partner in ((organisation, other), (other, organisation)):
        record(session, at=now, actor=actor, event="aid.link_ended", subject=each, after={"linked": partner.name})
    return link


def decide_activity(
    session: Session, *, organisation_id: UUID, is_undertaking: bool, reason: str, actor: Actor, now: datetime
) -> ActivityFinding:
    """Decide whether an organisation carries on an economic activity: only then are grants aid to it."""
    organisation = _to_keep(session, organisation_id, actor)
    why = written(reason, most=LONGEST_NOTE, field="reason", empty=lazy_("Write the reason: auditors read it."))
    finding = ActivityFinding(
        organisation_id=organisation.id, is_undertaking=is_undertaking, reason=why, found_by=actor.person_id,
        found_at=now,
    )  # fmt: skip
    session.add(finding)
    record(session, at=now, actor=actor, event="aid.activity", subject=organisation,
           after={"is_undertaking": is_undertaking}, reason=why)  # fmt: skip
    return finding


def clean_code(*, text: str) -> str:
    """A code of the register, without blanks; Invalid where it is none."""
    code = "".join(text.split()).upper()
    if not code.isalnum() or not code.isascii() or len(code) > LONGEST_CODE:
        raise Invalid(lazy_("A code of the register (COR) is made of digits, at most 20."), "cor")
    return code


def _to_keep(session: Session, organisation_id: UUID, actor: Actor) -> Organisation:
    """An organisation whose register the actor may keep, and to which they do not belong; NotFound otherwise."""
    found = organisation_seen(session, organisation_id, actor, Action.AID_RECORD).organisation
    stand_apart(actor=actor, organisation_id=found.id)
    return found
