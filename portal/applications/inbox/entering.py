"""Keeping the officers' list: a line is written with the submission, follows its application, is made anew at need."""

import random
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, event, exists, insert, inspect, select, text, update
from sqlalchemy.orm import Mapper, Session, joinedload

from portal.access.rules import OrganisationKind
from portal.applications.inbox.reserved import keep_reserves, list_reserves
from portal.applications.inbox.rules import PLACES_IN_A_MICROSECOND, WAITING, first_place
from portal.applications.inbox.scope import scope_word
from portal.applications.models import Application, InboxEntry, Submission
from portal.applications.rules import LEFT, ApplicationSubmitted
from portal.applications.search import words_of
from portal.calls.models import Phase
from portal.core.db import new_id
from portal.core.db.search import rebuilt
from portal.questionnaires.rules import QuestionType

ENTRY: Any = InboxEntry.__table__
WHOLE = (
    joinedload(Submission.protocol_entry),
    joinedload(Submission.application).joinedload(Application.phase).joinedload(Phase.call),
)
SUMMARY = "application.summary"
"""The tag of the answer that tells a project in short; without one, the first long answer does."""
MILLIONTHS, THOUSANDTHS = 1_000_000, 1_000
BATCH = 200


def enter(session: Session, event: ApplicationSubmitted) -> None:
    """Write the line of an application that was just registered, or write it anew for its later version."""
    write_entry(session, session.get_one(Submission, event.submission_id))


def write_entry(session: Session, submission: Submission) -> None:
    """The line of a registered version; what officers did with the line stays.

    Written to the table itself: the line repeats what was registered, also of a rehearsal that was closed since.
    """
    application = submission.application
    session.flush()
    query = select(ENTRY.c.received_at).where(ENTRY.c.application_id == application.id)
    received_before = session.scalar(query)
    values = _values(application, submission)
    if received_before != submission.received_at:
        values["number"] = _free_place(session, submission.received_at)
    if received_before is None:
        new = {"id": new_id(), "application_id": application.id, "unread_by_office": 0, "unread_by_team": 0}
        session.execute(insert(ENTRY).values(new | values))
    else:
        session.execute(update(ENTRY).where(ENTRY.c.application_id == application.id).values(values))


def _values(application: Application, submission: Submission) -> dict[str, Any]:
    content = submission.content
    organisation, area = content["organisation"], content["area"]
    point = point_of(content)
    return {
        "authority_id": application.authority_id,
        "call_id": application.call_id,
        "phase_id": application.phase_id,
        "organisation_id": application.organisation_id,
        "status": application.status,
        "status_at": application.status_at,
        "received_at": submission.received_at,
        "reference": application.reference,
        "protocol": submission.protocol_entry.label,
        "title": content["title"],
        "kind": OrganisationKind(organisation["kind"]),
        "area": area["key"] if area else None,
        "line": application.design.line_for(organisation["kind"], area["key"] if area else None).key,
        "municipality": organisation["city"],
        "requested_cents": content["amounts"]["requested_cents"],
        "total_cents": content["amounts"]["total_cents"],
        "latitude": point[0] if point else None,
        "longitude": point[1] if point else None,
        "words": " ".join(_words(application, content)),
    }


def _words(application: Application, content: Mapping[str, Any]) -> list[str]:
    """What the application is found by, and the words of its call and authority."""
    organisation, area = content["organisation"], content["area"]
    parts = [application.reference, content["title"], organisation["name"], organisation["city"],
             organisation.get("district"), area["name"] if area else None,
             *(partner["name"] for partner in organisation.get("partners", ())), summary_of(content)]  # fmt: skip
    return [scope_word(application.call_id), scope_word(application.authority_id), *words_of(parts)]


def summary_of(content: Mapping[str, Any]) -> str:
    """The project in short, as its team told it."""
    long = [each for each in _answers(content) if each.get("type") == QuestionType.LONG_TEXT.value]
    told = [each for each in _answers(content) if each.get("tag") == SUMMARY] or long
    return str(told[0]["value"] or "") if told else ""


def point_of(content: Mapping[str, Any]) -> tuple[int, int] | None:
    """The place of the project, if its form asks for one: in millionths of a degree, to a hundred metres.

    Addresses are never read: that of an informal group is somebody's home.
    """
    places = (each["value"] for each in _answers(content) if each.get("type") == QuestionType.PLACE.value)
    place = next((each for each in places if each), None)
    if place is None:
        return None
    return (_millionths(place["lat"]), _millionths(place["lon"]))


def _millionths(degrees: object) -> int:
    return round(float(str(degrees)) * THOUSANDTHS) * (MILLIONTHS // THOUSANDTHS)


def _answers(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for section in content["sections"]:
        yield from section["answers"]


def _free_place(session: Session, received_at: datetime) -> int:
    """A place of that microsecond that nobody has; by chance, so that two at once hardly ever choose the same."""
    first = first_place(received_at)
    while True:
        place = first + random.randrange(PLACES_IN_A_MICROSECOND)  # noqa: S311
        if not session.scalar(select(exists().where(InboxEntry.number == place))):
            return place


# ---- following the application ----


def keep_the_list() -> None:
    """From now on the line of an application changes with its status and its reserve, in the same flush."""
    keep_reserves()
    if not event.contains(Application, "after_update", _follow):
        event.listen(Application, "after_update", _follow)


def _follow(_mapper: Mapper[Any], connection: Connection, application: Application) -> None:
    if not inspect(application).attrs.status.history.has_changes():
        return
    values: dict[str, Any] = {"status": application.status, "status_at": application.status_at}
    if application.status is not WAITING:
        values |= {"marked_by": None, "marked_at": None}
    if application.status in LEFT:
        values["reserved_at"] = None
    mine = InboxEntry.application_id == application.id
    connection.execute(update(InboxEntry).where(mine).values(values))


# ---- making the list anew ----


def rebuild(session: Session) -> int:
    """Write the line of every application that was ever registered, and the index; returns how many there are.

    What officers did with the lines stays.
    """
    last = select(Submission.id).where(Submission.application_id == Application.id).correlate(Application)
    newest = last.order_by(Submission.id.desc()).limit(1).scalar_subquery()
    query = select(Submission.id).join(Application, Submission.id == newest)
    keys = session.scalars(query.order_by(Submission.received_at, Submission.id)).all()
    for start in range(0, len(keys), BATCH):
        of_these = select(Submission).where(Submission.id.in_(keys[start : start + BATCH])).options(*WHOLE)
        for submission in session.scalars(of_these.order_by(Submission.received_at, Submission.id)):
            write_entry(session, submission)
        session.expunge_all()
    list_reserves(session)
    for statement in rebuilt(session.get_bind().dialect.name, ENTRY.name):
        session.execute(text(statement))
    return len(keys)


def missing(session: Session) -> bool:
    """Whether an application that was registered has no line."""
    known = exists().where(InboxEntry.application_id == Submission.application_id)
    return session.scalar(select(Submission.id).where(~known).limit(1)) is not None
