"""The confirmation before sending: asked of somebody by name, given for exactly what is there, void once it changes."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Action
from portal.applications.models import Application, SignOffRow
from portal.applications.operations.formalities import ChangedMeanwhile, NotDeclared
from portal.applications.operations.refusals import NotReady, must_be_open
from portal.applications.operations.write import must_be_draft
from portal.applications.queries import OpenDraft, application_locked, open_draft
from portal.applications.queries.sign_offs import digest_of, is_asked, signed_off, who_may_sign
from portal.applications.sending import DECLARED, declaration_missing
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Forbidden, Invalid
from portal.core.i18n import lazy_
from portal.core.mail import send_mail


class NothingToConfirm(Conflict):
    """The call does not ask for a confirmation."""

    default = lazy_("This call asks nobody to confirm the application before it is sent.")


def ask_sign_off(session: Session, *, application_id: UUID, person_id: UUID, actor: Actor, now: datetime) -> SignOffRow:
    """Ask the legal representative, or the contact of a group, to confirm; asking another takes the first one's place.

    Raises Invalid where the person does not represent the applicant, NothingToConfirm, PhaseClosed, AlreadySent.
    """
    opened = _opened(session, application_id, actor, Action.DRAFT_WRITE, now)
    named = next((each for each in who_may_sign(session, opened.application, now) if each.id == person_id), None)
    if named is None:
        raise Invalid(lazy_("Choose somebody who represents the applicant."), "person")
    row = signed_off(session, application_id, "").waiting
    if row is None:
        row = _add(session, opened.application, named, actor, now)
    row.person_id, row.asked_by, row.asked_at, row.person = named.id, actor.person_id, now, named
    session.flush()
    _record(session, opened.application, actor, now, "application.sign_off_asked", row)
    if named.id != actor.person_id:
        send_mail(
            session, to=named.email, template="applications/sign_off_asked", locale=named.locale, now=now,
            application=opened.application, person=named, by=actor.name, path=f"/applications/{application_id}/send",
        )  # fmt: skip
    return row


def sign_off(
    session: Session, *, application_id: UUID, seen: str, declared: Iterable[str], actor: Actor, now: datetime
) -> SignOffRow:
    """Confirm the application as it is: `seen` is the digest of what the page showed.

    Where somebody was asked by name, only they confirm. Raises ChangedMeanwhile, NotReady, NotDeclared, Forbidden.
    """
    opened = _opened(session, application_id, actor, Action.APPLICATION_SIGN, now)
    digest, accepted = digest_of(opened), sorted(set(declared))
    if seen != digest:
        raise ChangedMeanwhile
    if not opened.assessment.is_clear:
        raise NotReady(opened.assessment)
    if declaration_missing(opened.draft.design, accepted):
        raise NotDeclared({DECLARED: lazy_("Accept every declaration: they are made by whoever confirms.")})
    row = _row_of(session, opened, actor, now)
    row.signed_at, row.digest, row.declared = now, digest, accepted
    session.flush()
    _record(session, opened.application, actor, now, "application.signed_off", row)
    return row


def _opened(session: Session, application_id: UUID, actor: Actor, action: Action, now: datetime) -> OpenDraft:
    application = application_locked(session, application_id, actor, action)
    must_be_draft(application=application)
    must_be_open(phase=application.phase, at=now)
    opened = open_draft(session, application, now)
    if not is_asked(opened):
        raise NothingToConfirm
    return opened


def _row_of(session: Session, opened: OpenDraft, actor: Actor, now: datetime) -> SignOffRow:
    waiting = signed_off(session, opened.application.id, "").waiting
    if waiting is not None and waiting.person_id != actor.person_id:
        raise Forbidden(lazy_("%(name)s was asked to confirm this application.", name=waiting.person.name))
    if waiting is not None:
        return waiting
    person = session.get_one(Person, actor.person_id)
    return _add(session, opened.application, person, actor, now)


def _add(session: Session, application: Application, person: Person, actor: Actor, now: datetime) -> SignOffRow:
    row = SignOffRow(
        application_id=application.id, person_id=person.id, asked_by=actor.person_id, asked_at=now, declared=[],
        person=person,
    )  # fmt: skip
    session.add(row)
    return row


def _record(
    session: Session, application: Application, actor: Actor, now: datetime, event: str, row: SignOffRow
) -> None:
    record(
        session, at=now, actor=actor, event=event, subject=application,
        after={"person": str(row.person_id), "digest": row.digest},
    )  # fmt: skip
