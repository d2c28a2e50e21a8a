"""Outgoing mail: written in the business transaction, sent by the worker after it."""

import re
import smtplib
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from flask import current_app, render_template
from flask_babel import force_locale
from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.core.config import Settings
from portal.core.db import Base
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.jobs import before_slow_work, enqueue, handler
from portal.core.logs import without_tokens
from portal.core.privacy import address, holding, personal
from portal.core.privacy.purposes import MAILS_KEPT
from portal.core.text import clean_line, storable

SUBJECT = "Subject: "
NOWHERE = ".invalid"
"""Addresses that end so are nobody's (RFC 6761): those of invented people, and of people who were erased."""
ONE_ADDRESS = re.compile(r"[^@\s,;:<>()\[\]\"\\\x00-\x1f]+@[^@\s,;:<>()\[\]\"\\\x00-\x1f]+")


class OutgoingMail(Base):
    """One message, as it was or will be sent; once it is sent, the secrets of its links are no longer in it."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (
        Index("ix_outgoing_mail_recipient", "recipient"),
        holding(lazy_("E-mails sent"), kept=MAILS_KEPT, since="sent_at"),
    )

    recipient: Mapped[str] = mapped_column(
        String(320), info=personal("notices", subject=address("recipient"), export="subject")
    )
    subject: Mapped[str] = mapped_column(
        String(300), info=personal("notices", subject=address("recipient"), mentions=True)
    )
    body: Mapped[str] = mapped_column(Text, info=personal("notices", subject=address("recipient"), mentions=True))
    unsubscribe: Mapped[str | None] = mapped_column(
        String(1000), info=personal("notices", subject=address("recipient"))
    )
    """The address that stops messages of this kind at one click (RFC 8058)."""
    calendar: Mapped[str | None] = mapped_column(
        Text, info=personal("notices", subject=address("recipient"), mentions=True)
    )
    """An iCalendar object that goes with it, as calendars take it from a message (RFC 6047)."""
    written_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    """When it was kept instead of being sent: it goes to nobody."""


def send_mail(
    session: Session, *, to: str, template: str, locale: str, now: datetime, unsubscribe: str | None = None,
    calendar: str | None = None, **context: Any,
) -> OutgoingMail:  # fmt: skip
    """Write a message from templates/email/<template>.txt, whose first line is its subject.

    `unsubscribe` is the path that stops messages of this kind; the template gets it whole. `calendar` is an iCalendar
    object with its METHOD. Raises Invalid when `to`
    is not one plain address: nothing else may reach the header of a message.
    """
    settings: Settings = current_app.extensions["settings"]
    stop = settings.origin + unsubscribe if unsubscribe else None
    with force_locale(locale):
        text = render_template(f"email/{template}.txt", **{"origin": settings.origin, "unsubscribe": stop, **context})
    first, _, body = storable(text).partition("\n")
    mail = OutgoingMail(
        recipient=one_address(to),
        subject=clean_line(first.removeprefix(SUBJECT))[:300],
        body=body.strip() + "\n",
        unsubscribe=stop,
        calendar=calendar,
        written_at=now,
        kept_at=now if goes_nowhere(to) else None,
    )
    session.add(mail)
    session.flush()
    if mail.kept_at is None:
        enqueue(session, "core.send_mail", now=now, mail_id=mail.id)
    return mail


def goes_nowhere(address: str) -> bool:
    """Whether an address is nobody's: messages to it are kept, and never leave."""
    return address.strip().casefold().endswith(NOWHERE)


def one_address(text: str) -> str:
    """The address itself, without a name; refuses lists, line ends and whatever else is not one mailbox."""
    if not ONE_ADDRESS.fullmatch(text.strip()):
        raise Invalid(lazy_("This is not an e-mail address. Write it like name@example.it."), "email")
    return text.strip()


@handler("core.send_mail")
def deliver(session: Session, *, now: datetime, mail_id: str) -> None:
    """Send one message; where no mail server is configured, leave it as a file under var/mail.

    Nothing is sent to somebody who was erased meanwhile, and whose messages went with them.
    """
    settings: Settings = current_app.extensions["settings"]
    with before_slow_work(session):
        mail = session.get(OutgoingMail, UUID(mail_id))
        is_due = mail is not None and not mail.sent_at and not mail.kept_at and not goes_nowhere(mail.recipient)
        message = as_message(mail, sender=settings.mail_from) if mail and is_due else None
    if message is None:
        return
    if settings.smtp_host:
        with smtplib.SMTP(settings.smtp_host, settings.smtp_port, timeout=20) as server:
            server.send_message(message)
    else:
        folder = settings.var / "mail"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{mail_id}.eml").write_bytes(message.as_bytes())
    sent = session.get(OutgoingMail, UUID(mail_id))
    if sent is not None:
        sent.sent_at, sent.body, sent.unsubscribe = now, without_tokens(sent.body), None


def as_message(mail: OutgoingMail, *, sender: str) -> EmailMessage:
    """The message as servers exchange it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, mail.recipient, mail.subject
    message["Date"] = format_datetime(mail.written_at)
    message["Message-ID"] = f"<{mail.id}@vivaio>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(mail.body)
    if mail.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in mail.calendar else "REQUEST"
        message.add_attachment(mail.calendar, subtype="calendar", filename="vivaio.ics", params={"method": method})
    return message
