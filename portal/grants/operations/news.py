"""Telling the team and the office what happened: a line in the inbox, and a mail where one is due."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Role, Tie
from portal.access.queries import people_tied, people_with_role
from portal.core.i18n import in_both
from portal.core.mail import send_mail
from portal.grants.models import Grant
from portal.notices.operations import notify

TEAM = (Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER)


def tell_team(
    session: Session,
    *,
    organisation_id: UUID,
    message: object,
    path: str,
    now: datetime,
    template: str | None = None,
    only: tuple[Tie, ...] = TEAM,
    **context: Any,
) -> None:
    """Tell the members of an organisation; `message` is a lazy sentence, `template` the mail that goes with it."""
    people = people_tied(session, organisation_id, only, now)
    tell_people(session, people=people, message=message, path=path, now=now, template=template, **context)


def tell_people(
    session: Session,
    *,
    people: Sequence[Person],
    message: object,
    path: str,
    now: datetime,
    template: str | None = None,
    **context: Any,
) -> None:
    """Tell these people: a line in the inbox of each, and a mail where a template is given."""
    notify(session, people=[person.id for person in people], text=in_both(message), path=path, now=now)
    for person in people if template else ():
        send_mail(
            session, to=person.email, template=str(template), locale=person.locale, now=now, person=person, path=path,
            **context,
        )  # fmt: skip


def tell_office(session: Session, *, authority_id: UUID, message: object, path: str, now: datetime) -> None:
    """Leave a line in the inbox of every officer of an authority."""
    officers = people_with_role(session, Role.OFFICER, authority_id, now)
    notify(session, people=[person.id for person in officers], text=in_both(message), path=path, now=now)


def tell_grant_team(
    session: Session, *, grant: Grant, message: object, now: datetime, template: str | None = None
) -> None:
    """Tell the team of a grant, with a link to its page."""
    tell_team(
        session, organisation_id=grant.organisation_id, message=message, path=f"/grants/{grant.id}", now=now,
        template=template, grant=grant,
    )  # fmt: skip
