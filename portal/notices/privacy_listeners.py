"""Telling people what `access` announces about personal data; `portal.app` subscribes these."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.labels import REQUEST_KINDS, REQUEST_OUTCOMES
from portal.access.models import Authority, Person, PrivacyRequest
from portal.access.operations.own_data import LAST_MESSAGES
from portal.access.policy import Role
from portal.access.queries import people_with_role
from portal.access.queries.own_data import identity_of
from portal.access.rules import AccountClosed
from portal.access.rules.own_data import (
    AccountUnused,
    CopyReady,
    DataWillGo,
    RequestDecided,
    RequestKind,
    RequestMade,
    RequestOutcome,
)
from portal.core.db import Base
from portal.core.i18n import in_both, lazy_
from portal.core.mail import send_mail
from portal.core.privacy.erasing import what_stays
from portal.core.privacy.purposes import CLOSED_ACCOUNTS_KEPT
from portal.core.privacy.treatment import BECAUSE
from portal.core.privacy.words import table_words
from portal.notices.operations import notify

OWN, OFFICE = "/account/data", "/manage/privacy"


def tell_of_request(session: Session, event: RequestMade) -> None:
    """The data protection officers of the authority; its own address where it has none."""
    request = session.get_one(PrivacyRequest, event.request_id)
    authority = session.get_one(Authority, event.authority_id)
    officers = people_with_role(session, Role.DATA_PROTECTION_OFFICER, authority.id, event.at)
    path = f"{OFFICE}/requests/{request.id}"
    text = lazy_("Somebody asks for %(kind)s: answer within a month.", kind=REQUEST_KINDS[request.kind])
    notify(session, people=[each.id for each in officers], text=in_both(text), path=path, now=event.at)
    told = {each.email: each.locale for each in officers} or ({authority.email: "it"} if authority.email else {})
    for address, locale in told.items():
        send_mail(
            session, to=address, template="privacy/asked", locale=locale, now=event.at, request=request, path=path,
            authority=authority, kind=REQUEST_KINDS[request.kind], nobody=not officers,
        )  # fmt: skip


def tell_of_decision(session: Session, event: RequestDecided) -> None:
    """The person, with the answer and what they can still do; of a granted erasure also what stays, and why."""
    request = session.get_one(PrivacyRequest, event.request_id)
    person = session.get_one(Person, event.person_id)
    goes = request.kind is RequestKind.ERASURE and request.outcome is not RequestOutcome.REFUSED
    kind, outcome = REQUEST_KINDS[request.kind], REQUEST_OUTCOMES[RequestOutcome(str(request.outcome))]
    text = lazy_("Your request for %(kind)s was answered: %(outcome)s.", kind=kind, outcome=outcome)
    notify(session, people=[person.id], text=in_both(text), path=OWN, now=event.at)
    send_mail(
        session, to=person.email, template="privacy/answered", locale=person.locale, now=event.at, person=person,
        request=request, kind=kind, outcome=outcome, path=OWN, by=event.at + LAST_MESSAGES if goes else None,
        stays=_stays(session, person) if goes else [],
    )  # fmt: skip


def tell_of_erasure(session: Session, event: AccountClosed) -> None:
    """Whoever closed the account: when the data goes, what stays and why."""
    person = session.get_one(Person, event.person_id)
    by = event.at + (CLOSED_ACCOUNTS_KEPT.delta or LAST_MESSAGES)
    send_mail(
        session, to=person.email, template="privacy/will_be_erased", locale=person.locale, now=event.at,
        person=person, by=by, stays=_stays(session, person),
    )  # fmt: skip


def tell_of_unused_account(session: Session, event: AccountUnused) -> None:
    """Whoever has not signed in for long: how to keep the account."""
    person = session.get_one(Person, event.person_id)
    send_mail(
        session, to=person.email, template="privacy/unused", locale=person.locale, now=event.at, person=person,
        by=event.by, stays=_stays(session, person),
    )  # fmt: skip


def tell_of_copy(session: Session, event: CopyReady) -> None:
    """The person whose copy was made."""
    text = in_both(lazy_("The copy of your data is ready; it can be downloaded for a week."))
    notify(session, people=[event.person_id], text=text, path=OWN, now=event.at)


def tell_what_goes(session: Session, event: DataWillGo) -> None:
    """Every data protection officer, once a week: which rows will go thirty days from now."""
    rows = sum(number for _, number in event.rows)
    lines = [(table_words(Base.metadata.tables[name]), number) for name, number in event.rows]
    text = lazy_("%(rows)s records will be deleted from %(day)s on, as their term is over.", rows=rows,
                 day=f"{event.by:%d/%m/%Y}")  # fmt: skip
    for person in _data_protection_officers(session, event):
        notify(session, people=[person.id], text=in_both(text), path=OFFICE, now=event.at)
        send_mail(
            session, to=person.email, template="privacy/will_go", locale=person.locale, now=event.at, person=person,
            lines=lines, by=event.by, path=OFFICE,
        )  # fmt: skip


def _data_protection_officers(session: Session, event: DataWillGo) -> Sequence[Person]:
    found: dict[object, Person] = {}
    for authority_id in session.scalars(select(Authority.id).order_by(Authority.id)):
        for person in people_with_role(session, Role.DATA_PROTECTION_OFFICER, authority_id, event.at):
            found[person.id] = person
    return list(found.values())


def _stays(session: Session, person: Person) -> list[tuple[object, object, int]]:
    """What the law keeps of a person: the reason, the records in words, how many."""
    found = what_stays(session, Base.metadata, identity_of(session, person, former=True))
    return [
        (BECAUSE[because], table_words(Base.metadata.tables[table]), rows) for (table, because), rows in found.items()
    ]
