"""Links sent by mail: asked for without a word on who has an account, answered by a job, used once."""

import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.access.models import AccountLink, LinkRequest, Person
from portal.access.queries import email_hash, person_by_email, token_hash
from portal.access.queries.accounts import LinkOver, links_asked, links_asked_before, open_link
from portal.access.rules import LINK_LASTS, MOST_LINKS, LinkPurpose
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.core.errors import TooMany
from portal.core.i18n import lazy_
from portal.core.jobs import enqueue
from portal.core.mail import send_mail

ANSWER_JOB = "access.answer_link_request"
LONGEST_PATH = 500
PATHS = {
    LinkPurpose.REGISTER: "/register/",
    LinkPurpose.RESET: "/reset/",
    LinkPurpose.CHANGE_EMAIL: "/email/",
    LinkPurpose.IDENTITY: "/sign-in/new-person/",
}


class TooManyLinks(TooMany):
    """So many messages in an hour are enough for one address, known or not."""

    default = lazy_("Three messages were asked for this address within an hour. Look among unwanted mail, or wait.")


def ask_for_link(
    session: Session, *, purpose: LinkPurpose, email: str, locale: str, now: datetime,
    person_id: UUID | None = None, wanted: str | None = None,
) -> None:  # fmt: skip
    """Note that somebody asked; nothing is looked up here, so that no answer tells, by its words or its time.

    `person_id` is who changes their address, `wanted` the path to go on to. Raises TooManyLinks.
    """
    wanted = wanted if wanted and len(wanted) <= LONGEST_PATH else None
    if links_asked(session, purpose, email, now) >= MOST_LINKS:
        raise TooManyLinks(field="email")
    request = LinkRequest(
        purpose=purpose, email=email.lower(), email_hash=email_hash(email), person_id=person_id, locale=locale,
        wanted=wanted, asked_at=now,
    )  # fmt: skip
    session.add(request)
    session.flush()
    enqueue(session, ANSWER_JOB, now=now, request_id=request.id)


def answer_link_request(session: Session, *, request_id: UUID, now: datetime) -> None:
    """Write the message: a link for whom it is meant, else what else to do. What was asked is then forgotten."""
    request = session.get_one(LinkRequest, request_id, with_for_update=True)
    email, wanted = request.email, request.wanted
    if email is None:
        return
    request.email, request.wanted, request.answered_at = None, None, now
    if links_asked_before(session, request) < MOST_LINKS:
        ANSWERS[request.purpose](session, request, email, wanted, now)


def take_link(session: Session, *, token: str, purpose: LinkPurpose, actor: Actor, now: datetime) -> AccountLink:
    """Use a link up. Of two who press its button at once, one gets LinkOver."""
    link = open_link(session, token, purpose, now)
    unused = update(AccountLink).where(AccountLink.id == link.id, AccountLink.used_at.is_(None))
    if not session.execute(unused.values(used_at=now)).rowcount:  # type: ignore[attr-defined]
        raise LinkOver
    record(session, at=now, actor=actor, event="account_link.used", subject=link, after={"purpose": purpose})
    return link


def void_links(session: Session, *, person_id: UUID, now: datetime) -> None:
    """Let every link that the person still holds open nothing any more."""
    still = (AccountLink.person_id == person_id, AccountLink.used_at.is_(None), AccountLink.expires_at > now)
    session.execute(update(AccountLink).where(*still).values(expires_at=now))


def void_registrations(session: Session, *, email: str, now: datetime) -> None:
    """The address has its account now: other links that were sent to it open nothing any more."""
    still = (AccountLink.email == email, AccountLink.used_at.is_(None), AccountLink.expires_at > now)
    session.execute(
        update(AccountLink).where(AccountLink.purpose == LinkPurpose.REGISTER, *still).values(expires_at=now)
    )


def _register(session: Session, request: LinkRequest, email: str, wanted: str | None, now: datetime) -> None:
    known = person_by_email(session, email)
    if known is None:
        _send_link(session, request, email, None, "access/register", wanted, now)
    else:
        _tell(session, known, "access/account_exists", now)


def _reset(session: Session, request: LinkRequest, email: str, _wanted: str | None, now: datetime) -> None:
    known = person_by_email(session, email)
    if known is None:
        send_mail(session, to=email, template="access/no_account", locale=request.locale, now=now)
    elif known.disabled_at is not None:
        _tell(session, known, "access/account_exists", now)
    else:
        _send_link(session, request, known.email, known, "access/reset", None, now)


def _change_email(session: Session, request: LinkRequest, email: str, _wanted: str | None, now: datetime) -> None:
    """The address in use is warned in any case; who has the new one already hears that somebody tried."""
    person = session.get_one(Person, request.person_id)
    if person.disabled_at is not None:
        return
    _tell(session, person, "access/change_email_asked", now, new=email)
    holder = person_by_email(session, email)
    if holder is None:
        _send_link(session, request, email, person, "access/change_email", None, now)
    else:
        _tell(session, holder, "access/address_in_use", now)


def _identity(session: Session, request: LinkRequest, email: str, _wanted: str | None, now: datetime) -> None:
    """An identity is never linked by an address alone: who has an account links it there, signed in."""
    known = person_by_email(session, email)
    if known is None:
        _send_link(session, request, email, None, "access/identity_register", None, now)
    else:
        _tell(session, known, "access/identity_account_exists", now)


ANSWERS: dict[LinkPurpose, Callable[[Session, LinkRequest, str, str | None, datetime], None]] = {
    LinkPurpose.REGISTER: _register,
    LinkPurpose.RESET: _reset,
    LinkPurpose.CHANGE_EMAIL: _change_email,
    LinkPurpose.IDENTITY: _identity,
}


def _tell(session: Session, person: Person, template: str, now: datetime, **more: Any) -> None:
    """To the address that the account has, never to the one that was typed."""
    send_mail(session, to=person.email, template=template, locale=person.locale, now=now, person=person, **more)


def _send_link(
    session: Session, request: LinkRequest, to: str, person: Person | None, template: str, wanted: str | None,
    now: datetime,
) -> None:  # fmt: skip
    token = secrets.token_urlsafe(32)
    link = AccountLink(
        purpose=request.purpose, token_hash=token_hash(token), email=to, person_id=person.id if person else None,
        made_at=now, expires_at=now + LINK_LASTS[request.purpose],
    )  # fmt: skip
    session.add(link)
    record(session, at=now, actor=SYSTEM, event="account_link.sent", subject=link, after={"purpose": link.purpose})
    path = PATHS[request.purpose] + token + (f"?next={quote(wanted)}" if wanted else "")
    locale = person.locale if person else request.locale
    send_mail(
        session, to=to, template=template, locale=locale, now=now, person=person, path=path, until=link.expires_at
    )
