"""At sending: declarations accepted, the stamp used once, the confirmation that still stands."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.rules.facts import local_day
from portal.applications.models import Application, SignOffRow, StampMark
from portal.applications.queries import OpenDraft
from portal.applications.queries.sign_offs import is_asked, signed_off
from portal.applications.sending import (
    NUMBER,
    STAMPED,
    Formalities,
    Given,
    declarations_content,
    faults_of,
    stamp_content,
    told,
)
from portal.core.actor import Actor
from portal.core.errors import Conflict, Invalid, InvalidForm
from portal.core.i18n import lazy_
from portal.core.unit_of_work import violation


class NotDeclared(InvalidForm):
    """Declarations or the stamp are missing; `errors` has them by field."""


class StampUsed(Invalid):
    """A stamp is good for one application."""

    default = lazy_("This stamp was used already, for another application. Nothing was sent: give another one.")

    def __init__(self) -> None:
        super().__init__(None, NUMBER)


class NotSigned(Conflict):
    """The call wants a confirmation, and none stands for the draft as it is."""

    default = lazy_(
        "Nothing was sent: this call wants the legal representative, or the contact of the group, to confirm the"
        " application as it is now."
    )


class ChangedMeanwhile(Conflict):
    """What the page showed is no longer what the draft says."""

    default = lazy_(
        "Nothing was sent: somebody of your team changed the application after this page was opened. Look at it again,"
        " then send it."
    )


violation("uq_stamp_mark_authority_id_number", StampUsed)
violation("stamp_mark.authority_id, stamp_mark.number", StampUsed)


def settle(
    session: Session, *, opened: OpenDraft, given: Given, digest: str, actor: Actor, received_at: datetime
) -> Formalities:
    """What of declarations, stamp and confirmation is frozen with the application.

    Raises ChangedMeanwhile, NotSigned, NotDeclared, StampUsed.
    """
    if given.seen and given.seen != digest:
        raise ChangedMeanwhile
    design = opened.draft.design
    signed = signed_off(session, opened.application.id, digest).standing if is_asked(opened) else None
    if is_asked(opened) and signed is None:
        raise NotSigned
    declared = signed.declared if signed is not None else ()
    if faults := faults_of(design, given, local_day(received_at), before=declared):
        raise NotDeclared(faults)
    duty = design.sending.stamp_duty
    if duty is not None and given.stamp == STAMPED:
        _use(session, opened.application, given, received_at)
    return Formalities(
        declarations=_declarations(opened, signed, actor, received_at),
        stamp_duty=stamp_content(duty, given) if duty is not None else None,
        sign_off=_sign_off(signed),
    )


def _declarations(
    opened: OpenDraft, signed: SignOffRow | None, actor: Actor, received_at: datetime
) -> list[dict[str, object]]:
    """They are of whoever confirmed, where the call wants that; else of whoever sends."""
    asked = opened.draft.design.sending.declarations
    if signed is None or signed.signed_at is None:
        return declarations_content(asked, person_id=actor.person_id, name=actor.name, at=received_at)
    return declarations_content(asked, person_id=signed.person_id, name=signed.person.name, at=signed.signed_at)


def _sign_off(signed: SignOffRow | None) -> dict[str, object] | None:
    if signed is None or signed.signed_at is None:
        return None
    by = {"id": str(signed.person_id), "name": signed.person.name}
    return {"by": by, "at": told(signed.signed_at), "digest": signed.digest}


def _use(session: Session, application: Application, given: Given, at: datetime) -> None:
    """Each stamp once; an application that is sent again keeps its own."""
    query = select(StampMark).where(
        StampMark.authority_id == application.authority_id, StampMark.number == given.digits
    )
    used = session.scalars(query).one_or_none()
    if used is not None and used.application_id != application.id:
        raise StampUsed
    if used is None and given.day is not None:
        session.add(
            StampMark(
                authority_id=application.authority_id, application_id=application.id, number=given.digits,
                issued_on=given.day, used_at=at,
            )
        )  # fmt: skip
        session.flush()
