"""Who has which section of a draft open, and what changed there while a page stood open. For its team alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.applications.models import Application, SectionPresence
from portal.applications.queries import names_of
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import in_language
from portal.questionnaires.models import Answer
from portal.questionnaires.queries import form_of

BEAT = timedelta(seconds=30)
GONE_AFTER = 3 * BEAT
"""Whoever missed three beats is no longer there."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Somebody else of the team, and the section that they have open."""

    name: str
    section_key: str
    section: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Newer:
    """An answer that somebody else saved after this page was filled."""

    key: str
    label: str
    by: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Together:
    """What a page tells of the others: who is where, and what is newer than the page."""

    others: Sequence[Elsewhere]
    newer: Sequence[Newer]

    @property
    def stamp(self) -> str:
        """The same as long as nothing changed: a page that has it is told nothing."""
        people = [f"{each.name}@{each.section_key}" for each in self.others]
        return "|".join([*people, *(f"{each.key}={each.at.isoformat()}" for each in self.newer)])


def be_here(session: Session, *, application: Application, section_key: str, actor: Actor, now: datetime) -> None:
    """Note that the actor has a section open; one row a person and application, written over."""
    if actor.person_id is None or form_of(session, application.sheet).section(section_key) is None:
        raise NotFound
    where = (SectionPresence.application_id == application.id, SectionPresence.person_id == actor.person_id)
    found: Any = session.execute(update(SectionPresence).where(*where).values(section_key=section_key, seen_at=now))
    if found.rowcount:
        return
    row = SectionPresence(
        application_id=application.id, person_id=actor.person_id, section_key=section_key, seen_at=now
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        session.execute(update(SectionPresence).where(*where).values(section_key=section_key, seen_at=now))


def others_in(session: Session, application: Application, actor: Actor, now: datetime) -> list[Elsewhere]:
    """Who else of the team has a section open now, by name; one statement besides the form."""
    query = (
        select(Person.name, SectionPresence.section_key)
        .join(Person, Person.id == SectionPresence.person_id)
        .where(
            SectionPresence.application_id == application.id,
            SectionPresence.person_id != actor.person_id,
            SectionPresence.seen_at > now - GONE_AFTER,
        )
        .order_by(Person.name, SectionPresence.id)
    )
    form = form_of(session, application.sheet)
    found = [(name, form.section(key)) for name, key in session.execute(query)]
    return [Elsewhere(name, at.key, in_language(at.title), is_here=False) for name, at in found if at is not None]


def together(
    session: Session, *, application: Application, section_key: str, seen: Mapping[str, int], actor: Actor,
    now: datetime,
) -> Together:  # fmt: skip
    """What the writer of a page is told: `seen` are the versions of the answers that stand in it, by question."""
    others = [
        Elsewhere(each.name, each.section_key, each.section, is_here=each.section_key == section_key)
        for each in others_in(session, application, actor, now)
    ]
    return Together(others, _newer(session, application, seen, actor))


def _newer(session: Session, application: Application, seen: Mapping[str, int], actor: Actor) -> list[Newer]:
    """The answers of the page that others have changed since, in the order of the form."""
    query = select(Answer.key, Answer.version, Answer.saved_by, Answer.saved_at).where(
        Answer.sheet_id == application.sheet_id, Answer.key.in_(seen)
    )
    rows = session.execute(query.where(Answer.saved_by.is_distinct_from(actor.person_id)))
    found = {row.key: row for row in rows if row.version > seen[row.key]}
    names = names_of(session, {row.saved_by for row in found.values()})
    labels = {each.key: in_language(each.label) for each in form_of(session, application.sheet).questions}
    return [
        Newer(key, label, names.get(found[key].saved_by), found[key].saved_at)
        for key, label in labels.items()
        if key in found
    ]
