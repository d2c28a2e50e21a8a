"""Soccorso istruttorio, the office's side: asking an applicant to mend what is missing, and giving more time once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.access.queries import people_tied
from portal.applications.admissibility import Asked, Mendable, days_left, end_of_term, letter_of
from portal.applications.content import content_hash
from portal.applications.models import Application, IntegrationExtension, IntegrationItem, IntegrationRequest
from portal.applications.operations.admissibility import TEAM, must_be_over
from portal.applications.queries import application_locked
from portal.applications.queries.integration import mendable_of, request_locked
from portal.applications.rules import ASK_INTEGRATION
from portal.calls.rules.validity.admission import MOST_DAYS
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, IllegalMove, Invalid
from portal.core.i18n import in_both, lazy_
from portal.core.mail import send_mail
from portal.core.text import clean_text, is_blank
from portal.notices.operations import notify
from portal.register.models import ProtocolEntry
from portal.register.operations import register_document
from portal.register.rules import Direction

LONGEST_REASON = 4000
LONGEST_WHAT = 600


class AskedAlready(Conflict):
    """The law lets a procedure be suspended once."""

    default = lazy_("This application was asked once already. A procedure is suspended once only: decide on it now.")


def ask_integration(
    session: Session,
    *,
    application_id: UUID,
    asked: Sequence[Asked],
    reason: str,
    days: int,
    actor: Actor,
    now: datetime,
) -> IntegrationRequest:
    """Ask an applicant to mend what may be mended, once, and suspend the procedure meanwhile.

    Raises TermStillOpen, IllegalMove, AskedAlready, and Invalid for what may not be asked.
    """
    application = application_locked(session, application_id, actor, Action.INTEGRATION_ASK)
    must_be_over(application=application, now=now)
    if application.status not in ASK_INTEGRATION.sources:
        raise IllegalMove(ASK_INTEGRATION.name, str(application.status))
    if request_locked(session, application) is not None:
        raise AskedAlready
    why = needed_text(text=reason, field="reason", most=LONGEST_REASON)
    if not 1 <= days <= MOST_DAYS:
        raise Invalid(lazy_("Give from 1 to %(most)s days.", most=MOST_DAYS), "days")
    chosen = _chosen(mendable_of(session, application), asked)
    request = _request(session, application, chosen, why, days, actor, now)
    session.add(request)
    before = application.status
    application.make(ASK_INTEGRATION, at=now)
    session.flush()
    record(session, at=now, actor=actor, event=Action.INTEGRATION_ASK, subject=application,
           before={"status": before}, after={"status": application.status, "items": len(chosen), "days": days},
           reason=why)  # fmt: skip
    words = lazy_("The office asks to complete %(reference)s.", reference=application.reference)
    tell_team(
        session, application=application, text=words, template="applications/integration", now=now, request=request
    )
    return request


def _request(
    session: Session, application: Application, chosen: Sequence[tuple[Mendable, str]], why: str, days: int,
    actor: Actor, now: datetime,
) -> IntegrationRequest:  # fmt: skip
    told = letter_of(reason=why, days=days, asked={each.key: what for each, what in chosen})
    entry = register_letter(
        session, application=application, what=lazy_("Request to complete the application"), told=told, actor=actor,
        now=now,
    )  # fmt: skip
    items = [
        IntegrationItem(kind=each.kind, key=each.key, point=each.point, label=dict(each.label), what=what)
        for each, what in chosen
    ]
    return IntegrationRequest(
        application_id=application.id, submission=application.submission, protocol_entry=entry, at=now, days=days,
        due_at=end_of_term(now, days, application.phase.zone), asked_by=actor.person_id, reason=why, items=items,
    )  # fmt: skip


def extend_integration(
    session: Session, *, application_id: UUID, days: int, reason: str, actor: Actor, now: datetime
) -> IntegrationExtension:
    """Give more days, once, while the term runs: never more than thirty in all. Raises Conflict, Invalid."""
    application = application_locked(session, application_id, actor, Action.INTEGRATION_ASK)
    request = request_locked(session, application)
    if request is None or application.status is not ASK_INTEGRATION.target or not request.is_open(now):
        raise Conflict(lazy_("There is no request whose term still runs."))
    if request.extension is not None:
        raise Conflict(lazy_("More time was given once already."))
    why = needed_text(text=reason, field="reason", most=LONGEST_REASON)
    if not days_left(request.days, days):
        left = MOST_DAYS - request.days
        raise Invalid(lazy_("At most %(most)s days more: the law suspends a procedure for thirty.", most=left), "days")
    due_at = end_of_term(request.at, request.days + days, application.phase.zone)
    extension = IntegrationExtension(
        request_id=request.id, at=now, days=days, due_at=due_at, given_by=actor.person_id, reason=why
    )
    request.extension = extension
    session.flush()
    record(session, at=now, actor=actor, event="integration.extended", subject=application,
           after={"days": days, "until": due_at.isoformat()}, reason=why)  # fmt: skip
    more_time = lazy_("%(reference)s: there is more time to complete it.", reference=application.reference)
    tell_team(
        session, application=application, text=more_time, template="applications/integration", now=now, request=request
    )
    return extension


def needed_text(*, text: str | None, field: str, most: int) -> str:
    """What was written, cleaned. Raises Invalid where nothing was, or too much."""
    if text is None or is_blank(text):
        raise Invalid(lazy_("Write it: the applicant reads it, and it stays on record."), field)
    words = clean_text(text)
    if len(words) > most:
        raise Invalid(lazy_("This is longer than %(most)s characters. Shorten it.", most=most), field)
    return words


def tell_team(
    session: Session, *, application: Application, text: object, template: str, now: datetime, path: str = "",
    **more: Any,
) -> None:  # fmt: skip
    """A line on the desk of everyone of the team, and a mail to each and to the organisation."""
    people = people_tied(session, application.organisation_id, TEAM, now)
    where = path or f"/applications/{application.id}/integration"
    notify(session, people=[person.id for person in people], text=in_both(text), path=where, now=now)
    addresses = {application.organisation.email: "it"} | {person.email: person.locale for person in people}
    for address, language in addresses.items():
        send_mail(session, to=address, template=template, locale=language, now=now, application=application,
                  path=where, **more)  # fmt: skip


def register_letter(
    session: Session, *, application: Application, what: object, told: Mapping[str, Any], actor: Actor, now: datetime
) -> ProtocolEntry:
    """Give a letter of the office to the applicant its number; its hash is that of what it says."""
    entry = register_document(
        session, authority_id=application.authority_id, direction=Direction.OUTGOING,
        subject=f"{application.reference} · {in_both(what)['it']}", counterpart=application.organisation.name,
        sha256=content_hash(told), actor=actor, now=now,
    )  # fmt: skip
    session.flush()
    return entry


def _chosen(mendable: Sequence[Mendable], asked: Sequence[Asked]) -> list[tuple[Mendable, str]]:
    """What is asked, each once, in the order of the call. Raises Invalid for what the call does not let be mended."""
    wanted = {each.key: each.what for each in asked}
    if not wanted:
        raise Invalid(lazy_("Choose what the applicant has to mend."), "items")
    known = {each.key: each for each in mendable}
    foreign = sorted(wanted.keys() - known.keys())
    if foreign:
        raise Invalid(lazy_("“%(key)s” may not be mended in this call.", key=foreign[0]), "items")
    return [
        (each, needed_text(text=wanted[key], field=f"what-{key}", most=LONGEST_WHAT))
        for key, each in known.items() if key in wanted
    ]  # fmt: skip
