"""Writing and sending applications, as their teams did."""

from datetime import datetime, timedelta
from decimal import Decimal

from portal.applications.models import Application
from portal.applications.operations import (
    attach_file,
    note_refused_attempt,
    save_answers,
    start_application,
    submit_application,
)
from portal.applications.operations.refusals import NotReady
from portal.calls.models import Call
from portal.calls.rules import DocumentRequest
from portal.core.money import format_cents
from portal.demo import texts
from portal.demo.stage import Stage
from portal.demo.texts import Row, steady
from portal.questionnaires.rules import Question, QuestionType, Section

UNFINISHED = {"torino-prossimita-2026": 7}
"""How many of the open call's applications are still drafts."""


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
    written = sections[: 1 + steady(row["title"], len(sections) - 1)] if is_draft else sections
    for section in written:
        save_answers(
            stage.session, application=application, section_key=section.key, typed=_typed(section, row), base={},
            actor=stage.actor(owner), now=began + timedelta(hours=2),
        )  # fmt: skip
    if not is_draft:
        _attach(stage, application, row, owner, sent)
        _send(stage, application, owner, sent)
    return application


def _when(stage: Stage, call: Call, key: str) -> tuple[datetime, datetime]:
    """Begun between opening and the last days, sent nearer to the deadline; never after now."""
    opens, closes = call.phases[0].opens_at, min(call.phases[0].closes_at, stage.now)
    span = (closes - opens).total_seconds()
    began = opens + timedelta(seconds=span * (10 + steady(key, 60)) / 100)
    left = (closes - began).total_seconds() - 900
    return began, began + timedelta(seconds=left * (55 + steady(key + "sent", 44)) / 100)


def _typed(section: Section, row: Row) -> dict[str, str]:
    return {question.key: text for question in section.questions if (text := _answer(question, row)) is not None}


def _answer(question: Question, row: Row) -> str | None:
    if question.type is QuestionType.DECLARATION:
        return "yes"
    value = row.get("costs", {}).get(question.key, row.get(question.key))
    if value is None:
        return None
    if question.type is QuestionType.MONEY:
        return format_cents(int(Decimal(str(value)) * 100), "it")
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _attach(stage: Stage, application: Application, row: Row, owner: str, now: datetime) -> None:
    kind = application.organisation.kind.value
    for request in application.design.documents_requested:
        if kind in request.required_for:
            attach_file(
                stage.session, application=application, document_key=request.key, upload=_file(stage, request, row),
                actor=stage.actor(owner), now=now - timedelta(minutes=20),
            )  # fmt: skip


def _file(stage: Stage, request: DocumentRequest, row: Row) -> object:
    name = texts.organisations()[row["organisation"]]["name"]
    return stage.pdf(f"{request.name['it']} – {name}", row["one_line"], row["team"])


def _send(stage: Stage, application: Application, owner: str, now: datetime) -> None:
    actor = stage.actor(owner)
    try:
        with stage.session.begin_nested():
            submit_application(stage.session, application_id=application.id, actor=actor, received_at=now, now=now)
    except NotReady as refusal:
        note_refused_attempt(
            stage.session, application_id=application.id, refusal=refusal, actor=actor, received_at=now
        )
