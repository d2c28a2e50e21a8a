"""Writing and sending applications, as their teams did."""

from datetime import datetime, timedelta
from decimal import Decimal

from portal.applications.models import Application
from portal.applications.operations import (
    attach_file,
    note_refused_attempt,
    save_answers,
    start_application,
)
from portal.applications.operations.refusals import NotReady
from portal.applications.operations.whole import submit_with_everything
from portal.calls.models import Call
from portal.calls.rules import DocumentRequest
from portal.core.money import format_cents
from portal.demo import texts
from portal.demo.stage import Stage
from portal.demo.texts import Row, steady
from portal.documents.arrived import Arrived
from portal.questionnaires.rules import Question, QuestionType, Section, Typed

OF_THE_THIRD_SECTOR = "third_sector"
"""Why an organisation of the demonstration owes no stamp duty; a group gives a stamp."""
UNFINISHED = {"torino-prossimita-2026": 7}
"""How many of the open call's applications are still drafts."""
READY = frozenset({"fondazione-dora-lieve"})
"""Whose draft is whole: only what the call asks at sending is missing."""


def apply_to(stage: Stage, call: Call) -> list[Application]:
    """Every proposal of this call: started, written, and sent unless its team is still writing."""
    rows = texts.proposals(call.slug)
    drafts = UNFINISHED.get(call.slug, 0)
    made = []
    for place, row in enumerate(rows):
        made.append(_apply(stage, call, row, is_draft=place >= len(rows) - drafts))
    return made


def _apply(stage: Stage, call: Call, row: Row, *, is_draft: bool) -> Application:
    owner = stage.owner_of(row["organisation"])
    began, sent = _when(stage, call, row["organisation"])
    phase = call.phases[0]
    application = start_application(
        stage.session, call=call, phase=phase, organisation_id=stage.organisations[row["organisation"]],
        actor=stage.actor(owner), now=began,
    )  # fmt: skip
    sections = call.design.questionnaire.sections
    is_whole = not is_draft or row["organisation"] in READY
    written = sections if is_whole else sections[: 1 + steady(row["title"], len(sections) - 1)]
    for section in written:
        save_answers(
            stage.session, application=application, section_key=section.key, typed=_typed(section, row), base={},
            actor=stage.actor(owner), now=began + timedelta(hours=2),
        )  # fmt: skip
    if is_whole:
        _attach(stage, application, row, owner, sent)
    if not is_draft:
        _send(stage, application, owner, sent)
    return application


def _when(stage: Stage, call: Call, key: str) -> tuple[datetime, datetime]:
    """Begun between opening and the last days, sent nearer to the deadline; never after now."""
    opens, closes = call.phases[0].opens_at, min(call.phases[0].closes_at, stage.now)
    span = (closes - opens).total_seconds()
    began = opens + timedelta(seconds=span * (10 + steady(key, 60)) / 100)
    left = (closes - began).total_seconds() - 900
    return began, began + timedelta(seconds=left * (55 + steady(key + "sent", 44)) / 100)


def _typed(section: Section, row: Row) -> dict[str, Typed]:
    return {question.key: text for question in section.questions if (text := _answer(question, row)) is not None}


def _answer(question: Question, row: Row) -> Typed | None:
    if question.type is QuestionType.DECLARATION:
        return "yes"
    value = row.get("costs", {}).get(question.key, row.get(question.key))
    if value is None:
        return None
    if question.has_rows:
        return [{key: str(_answer(cell, each)) for key, cell in _cells(question, each)} for each in value]
    if question.type is QuestionType.MONEY:
        return format_cents(int(Decimal(str(value)) * 100), "it")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _cells(question: Question, row: Row) -> list[tuple[str, Question]]:
    """The columns that a row of a story fills in."""
    return [(column.key, column) for column in question.columns if column.key in row]


def _attach(stage: Stage, application: Application, row: Row, owner: str, now: datetime) -> None:
    kind = application.organisation.kind.value
    for request in application.design.documents_requested:
        if kind in request.required_for:
            attach_file(
                stage.session, application=application, document_key=request.key, upload=_file(stage, request, row),
                actor=stage.actor(owner), now=now - timedelta(minutes=20),
            )  # fmt: skip


def _file(stage: Stage, request: DocumentRequest, row: Row) -> Arrived:
    name = texts.organisations()[row["organisation"]]["name"]
    return stage.pdf(f"{request.name['it']} – {name}", row["one_line"], row["team"], strip=request.strip_metadata)


def _send(stage: Stage, application: Application, owner: str, now: datetime) -> None:
    actor, exempt = stage.actor(owner), OF_THE_THIRD_SECTOR if application.organisation.fiscal_code else ""
    try:
        with stage.session.begin_nested():
            submit_with_everything(
                stage.session, application_id=application.id, actor=actor, received_at=now, now=now, exempt=exempt
            )
    except NotReady as refusal:
        note_refused_attempt(
            stage.session, application_id=application.id, refusal=refusal, actor=actor, received_at=now
        )
