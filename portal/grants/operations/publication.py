"""The CUP that every document of a grant carries, and the publication that makes the grant effective."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.core.written import written
from portal.grants.models import Grant, GrantPublication
from portal.grants.queries import grant_to_change, publications_of
from portal.grants.rules import BEFORE_AGREEMENT, OPEN, clean_cup, require


class AgreementCarriesIt(Conflict):
    """The agreement was prepared with the CUP of then."""

    default = lazy_("The agreement was signed with this CUP: it can no longer be changed here.")


class AlreadyPublished(Conflict):
    """A grant is published once."""

    default = lazy_("This grant is published already.")


class NobodyResponsible(Conflict):
    """Art. 27 wants the official responsible."""

    default = lazy_("The call names no person in charge (RUP): write it in the settings of the office first.")


@dataclass(frozen=True, slots=True)
class PublicationTyped:
    """What the office publishes of a grant, beside what stands on it."""

    legal_basis: str
    summary: str
    cv_url: str = ""
    is_withheld: bool = False


def record_cup(session: Session, *, grant_id: UUID, cup: str, actor: Actor, now: datetime) -> Grant:
    """Record the CUP, before the agreement is signed. Raises Invalid for a code that is not one."""
    grant = grant_to_change(session, actor, Action.CUP_RECORD, grant_id)
    require("record_cup", BEFORE_AGREEMENT, grant.status)
    if grant.agreement is not None and grant.agreement.signed_at is not None:
        raise AgreementCarriesIt
    before, grant.cup = grant.cup, clean_cup(cup)
    record(
        session, at=now, actor=actor, event=Action.CUP_RECORD, subject=grant, before={"cup": before},
        after={"cup": grant.cup},
    )  # fmt: skip
    return grant


def publish_grant(
    session: Session, *, grant_id: UUID, typed: PublicationTyped | None = None, actor: Actor, now: datetime
) -> Grant:
    """Publish the grant with the fields of art. 27 of D.Lgs. 33/2013: a condition of its effectiveness (art. 26).

    Published again, the text is corrected: the first day stays. Raises Invalid with the field, NobodyResponsible.
    """
    grant = grant_to_change(session, actor, Action.GRANT_PUBLISH, grant_id)
    require("publish", OPEN, grant.status)
    if grant.published_at is not None and typed is None:
        raise AlreadyPublished
    row = _publication(session, grant, typed or proposed(grant=grant), actor=actor, now=now)
    is_first = grant.published_at is None
    grant.published_at = grant.published_at or now
    after = {"published_at": now, "legal_basis": row.legal_basis, "is_withheld": row.is_withheld}
    event = Action.GRANT_PUBLISH if is_first else "grant.published_again"
    record(session, at=now, actor=actor, event=event, subject=grant, after=after)
    return grant


def proposed(*, grant: Grant) -> PublicationTyped:
    """What the call already says: the act it stands on, the title; the name of a group in distress left out."""
    design = grant.application.design
    return PublicationTyped(
        legal_basis=design.acts[0].number if design.acts else grant.act_number,
        summary=grant.application.title,
        is_withheld=grant.organisation.is_informal and design.marginality is not None,
    )


def _publication(
    session: Session, grant: Grant, typed: PublicationTyped, *, actor: Actor, now: datetime
) -> GrantPublication:
    if not (grant.application.design.officer or grant.call.authority.rup):
        raise NobodyResponsible
    if typed.is_withheld and not grant.organisation.is_informal:
        raise Invalid(
            lazy_("The name of a legal entity is published: only what leads to natural persons is left out."),
            "is_withheld",
        )
    newest = publications_of(session, [grant.id]).get(grant.id)
    row = GrantPublication(
        grant_id=grant.id, version=newest.version + 1 if newest else 1,
        legal_basis=written(typed.legal_basis, most=300, field="legal_basis",
                            empty=lazy_("Write the law or the act on which the grant stands.")),
        summary=written(typed.summary, most=2000, field="summary", empty=lazy_("Write what the project is.")),
        cv_url=_address(typed.cv_url), is_withheld=typed.is_withheld, published_by=actor.person_id, published_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _address(text: str) -> str | None:
    text = clean_line(text)
    if not text:
        return None
    if not text.startswith("https://") or len(text) > 300 or " " in text:
        raise Invalid(lazy_("Write a whole address, beginning with https://."), "cv_url")
    return text
