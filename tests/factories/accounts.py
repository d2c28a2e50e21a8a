"""Links of accounts as their owners find them in their mail."""

import re
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import AccountLink, LinkRequest, Person
from portal.access.operations.links import answer_link_request, ask_for_link
from portal.access.queries import token_hash
from portal.access.rules import LINK_LASTS, LinkPurpose
from portal.core.mail import OutgoingMail

LINK = re.compile(r"/(?:register|reset|email|sign-in/new-person)/[\w-]{43}(?:\?next=\S+)?")


def name_account_links(session: Session, person: Person, *, now: datetime) -> dict[str, str]:
    """By parameter of an address: the secret of one link of each purpose."""
    named = {}
    for name, purpose in (
        ("register_token", LinkPurpose.REGISTER), ("reset_token", LinkPurpose.RESET),
        ("email_token", LinkPurpose.CHANGE_EMAIL),
    ):  # fmt: skip
        named[name] = secrets.token_urlsafe(32)
        link = AccountLink(
            purpose=purpose, token_hash=token_hash(named[name]), made_at=now, expires_at=now + LINK_LASTS[purpose],
            email=person.email if purpose is LinkPurpose.RESET else f"{name}.{person.email}", person_id=person.id,
        )  # fmt: skip
        session.add(link)
    session.flush()
    return named


def answer_requests(session: Session, *, now: datetime) -> None:
    """What the worker does: write the messages that were asked for."""
    waiting = select(LinkRequest.id).where(LinkRequest.answered_at.is_(None)).order_by(LinkRequest.id)
    for request_id in session.scalars(waiting).all():
        answer_link_request(session, request_id=request_id, now=now)
    session.flush()


def mails_to(session: Session, address: str) -> Sequence[OutgoingMail]:
    """The messages to an address, in order."""
    query = select(OutgoingMail).where(OutgoingMail.recipient == address)
    return session.scalars(query.order_by(OutgoingMail.id)).all()


def link_to(session: Session, address: str) -> str:
    """The path of the last link that was sent to an address."""
    found = [path for mail in mails_to(session, address) for path in LINK.findall(mail.body)]
    assert found, f"no link to {address}: {[mail.subject for mail in mails_to(session, address)]}"
    return str(found[-1])


def ask(session: Session, purpose: LinkPurpose, email: str, *, now: datetime, **more: object) -> str:
    """Ask for a link, let it be answered, and return its token ("" when none was sent)."""
    before = len(mails_to(session, email))
    ask_for_link(session, purpose=purpose, email=email, locale="it", now=now, **more)  # type: ignore[arg-type]
    answer_requests(session, now=now)
    found = [path for mail in mails_to(session, email)[before:] for path in LINK.findall(mail.body)]
    return found[-1].split("?")[0].rsplit("/", 1)[1] if found else ""
