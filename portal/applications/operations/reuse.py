"""Answers of an earlier application to another call, taken over where its team wants them.

They are offered, never filled in silently, and only where nothing is written yet: the same tag is the same question.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.policy import Action, authorise
from portal.access.queries import MEMBER_TIES
from portal.applications.carrying import carried_answers
from portal.applications.given import Given, given_in
from portal.applications.models import Application, ReusedAnswer
from portal.applications.operations.refusals import must_be_open
from portal.applications.operations.write import hold_draft, repeat_tagged
from portal.applications.queries import application_for
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy_
from portal.questionnaires.pen import Pen, lock_sheet, present_answers, save_answer
from portal.questionnaires.queries import form_of, form_revised
from portal.questionnaires.rules import QuestionType

MOST_OFFERED = 5
REUSED = "application.answers_reused"


@dataclass(frozen=True, slots=True)
class Offer:
    """An earlier application, and the stored answers that would fit here, by key."""

    source: Application
    answers: Mapping[str, dict[str, Any]]


def offers_for(session: Session, *, application: Application, actor: Actor) -> list[Offer]:
    """What the newest applications of the same applicant to other calls have for the empty questions of a draft.

    Of a consortium also those of its organisations, to the people of each alone.
    """
    authorise(actor, Action.DRAFT_READ, application)
    query = (
        select(Application)
        .where(
            Application.organisation_id.in_(_own(application.organisation, actor)),
            Application.call_id != application.call_id,
            Application.submissions.any(),
        )
        .options(joinedload(Application.call), joinedload(Application.sheet))
        .order_by(Application.id.desc())
        .limit(MOST_OFFERED)
    )
    present = {key for key, answer in present_answers(session, application.sheet_id).items() if _says(answer.value)}
    found = [Offer(each, _fitting(session, each, application, present)) for each in session.scalars(query).unique()]
    return [each for each in found if each.answers]


def _own(organisation: Organisation, actor: Actor) -> list[UUID]:
    """The applicant, and of the organisations of a consortium those that the actor belongs to."""
    partners = [each.organisation_id for each in organisation.partners] if organisation.is_consortium else []
    return [organisation.id, *(each for each in partners if not actor.ties_to(each).isdisjoint(MEMBER_TIES))]


def reuse_answers(
    session: Session,
    *,
    application_id: UUID,
    source_id: UUID | None,
    keys: Collection[str],
    actor: Actor,
    now: datetime,
) -> list[str]:
    """Write the chosen answers of an earlier application where nothing is written; the keys that came over.

    Raises NotFound for an application that offers nothing here, Invalid where none is chosen, AlreadySent, PhaseClosed.
    """
    application = application_for(session, application_id, actor, Action.DRAFT_WRITE)
    hold_draft(session, application=application)
    must_be_open(phase=application.phase, at=now)
    if source_id is None or not keys:
        raise Invalid(lazy_("Choose the answers to take over."))
    lock_sheet(session, application.sheet)
    offer = next(
        (each for each in offers_for(session, application=application, actor=actor) if each.source.id == source_id),
        None,
    )
    if offer is None:
        raise NotFound
    wanted = {key: value for key, value in offer.answers.items() if key in keys}
    if not wanted:
        raise Invalid(lazy_("Choose the answers to take over."))
    pen, present = Pen(session, application.sheet, actor.person_id, now), present_answers(session, application.sheet_id)
    for key, value in wanted.items():
        there = present.get(key)
        version = save_answer(pen, there, key, value, there.version if there else 0)
        row = ReusedAnswer(application_id=application.id, source_id=source_id, key=key, version=version)
        session.add(row)
    application.sheet.saved_at = now
    session.flush()
    repeat_tagged(session, application=application)
    record(session, at=now, actor=actor, event=REUSED, subject=application,
           after={"from": offer.source.reference, "questions": sorted(wanted)})  # fmt: skip
    return list(wanted)


def _fitting(
    session: Session, source: Application, application: Application, present: Collection[str]
) -> dict[str, dict[str, Any]]:
    submission = source.submission
    if submission is None:
        return {}
    before, after = form_revised(session, submission.form_revision_id), form_of(session, application.sheet)
    areas = [area.key for area in application.design.areas]
    found = carried_answers(_tagged(given_in(submission.content)), before, after, areas, by_key=False)
    types = {each.key: each.type for each in after.questions}
    return {
        key: value
        for key, value in found.items()
        if key not in present and (types[key] is not QuestionType.AREA or value["value"] in areas)
    }


def _tagged(given: Sequence[Given]) -> list[Given]:
    return [each for each in given if each.tag]


def _says(value: Mapping[str, Any]) -> bool:
    return value.get("value") is not None or bool(value.get("fault"))
