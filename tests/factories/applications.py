"""Applications as people write them: begun, filled in, with their files, sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person
from portal.access.policy import Tie
from portal.access.queries import people_tied
from portal.applications import operations
from portal.applications.messages.rules import Side
from portal.applications.models import Application, ApplicationMessage, MessageFile
from portal.applications.queries import application_of, open_draft
from portal.applications.rules import AREA, COST, REQUESTED, TITLE
from portal.calls.models import Call
from portal.core.actor import SYSTEM, Actor
from portal.core.money import format_cents
from portal.documents.models import StoredFile
from portal.documents.operations import store_bytes
from portal.questionnaires.rules import Question, QuestionType, Section
from tests.factories.base import as_actor, make_authority, make_call, make_organisation, make_person
from tests.factories.documents import PDF, make_upload

TITLE_TEXT = "La casa delle bici"


class World:
    """A call that is open, and an organisation whose owner writes."""

    def __init__(self, session: Session, now: datetime, *, informal: bool = False, **call: Any) -> None:
        self.session, self.now = session, now
        self.authority: Authority = make_authority(session)
        self.owner: Person = make_person(session, now=now, name="Marta Rossi")
        self.organisation: Organisation = make_organisation(session, now=now, owner=self.owner, informal=informal)
        self.call: Call = make_call(session, self.authority, now=now, **call)
        self.phase = self.call.phases[0]

    @classmethod
    def again(cls, session: Session, now: datetime, organisation_id: UUID, call_id: UUID) -> "World":
        """The same world in another session."""
        world = cls.__new__(cls)
        world.session, world.now = session, now
        world.organisation = session.get_one(Organisation, organisation_id)
        world.call = session.get_one(Call, call_id)
        world.phase, world.authority = world.call.phases[0], world.call.authority
        (world.owner,) = people_tied(session, organisation_id, [Tie.OWNER], now)
        return world

    @property
    def actor(self) -> Actor:
        """The owner, as an operation receives them."""
        return as_actor(self.session, self.owner, now=self.now)

    def draft(self, *, whole: bool = True, **given: Any) -> Application:
        """An application of this organisation, ready to be sent unless told otherwise."""
        return make_draft(self.session, self.call, self.organisation, by=self.actor, now=self.now, whole=whole, **given)

    def submitted(self, **given: Any) -> Application:
        """The same, sent."""
        application = self.draft(**given)
        send(self.session, application, by=self.actor, at=self.now)
        return application


def typed_answer(question: Question, call: Call, *, title: str, requested: int, total: int) -> str:
    """A right answer to a question, as somebody types it."""
    costs = sum(q.tag == COST for s in call.design.questionnaire.sections for q in s.questions)
    tagged = {
        TITLE: title, REQUESTED: format_cents(requested), COST: format_cents(total // max(costs, 1)),
        AREA: call.design.areas[0].key if call.design.areas else "",
    }  # fmt: skip
    if question.tag in tagged:
        return tagged[question.tag]
    plain = {
        QuestionType.MONEY: "100,00", QuestionType.NUMBER: "12", QuestionType.DATE: "2026-09-01",
        QuestionType.YES_NO: "no", QuestionType.DECLARATION: "yes",
        QuestionType.CHOICE: question.options[0].key if question.options else "",
    }  # fmt: skip
    return plain.get(question.type, f"Risposta su {question.key}.\nSeconda riga, perché no?")


def typed_section(section: Section, call: Call, **given: Any) -> dict[str, str]:
    """A whole section, as somebody types it."""
    facts: dict[str, Any] = {"title": TITLE_TEXT, "requested": 2_000_000, "total": 2_500_000} | given
    return {question.key: typed_answer(question, call, **facts) for question in section.questions}


def fill(session: Session, application: Application, *, by: Actor, now: datetime, **given: Any) -> None:
    """Answer every question and attach every required document."""
    call = application.call
    for section in call.design.sections:
        operations.save_answers(
            session, application=application, section_key=section.key, typed=typed_section(section, call, **given),
            base={}, actor=by, now=now,
        )  # fmt: skip
    draft = open_draft(session, application).draft
    for request in draft.requests:
        if draft.needs(request):
            operations.attach_file(
                session, application=application, document_key=request.key,
                upload=make_upload(PDF, f"{request.key}.pdf"), actor=by, now=now,
            )  # fmt: skip


def make_draft(
    session: Session,
    call: Call,
    organisation: Organisation,
    *,
    by: Actor,
    now: datetime,
    whole: bool = True,
    **given: Any,
) -> Application:
    """A draft begun through the room's own operations."""
    begun = operations.start_application(
        session, call=call, phase=call.phases[0], organisation_id=organisation.id, actor=by, now=now
    )
    application = application_of(session, begun.id)
    if whole:
        fill(session, application, by=by, now=now, **given)
    session.flush()
    return application


def send(session: Session, application: Application, *, by: Actor, at: datetime) -> None:
    """Send it."""
    operations.submit_application(session, application_id=application.id, actor=by, received_at=at, now=at)
    session.flush()


def attach_to_message(session: Session, application: Application, *, now: datetime) -> StoredFile:
    """A file that came with a message of the team."""
    file = store_bytes(session, name="nota.pdf", media_type="application/pdf", content=PDF, actor=SYSTEM, now=now)
    message = ApplicationMessage(application_id=application.id, at=now, side=Side.TEAM, team_text="Nota allegata.")
    message.files.append(MessageFile(position=1, file=file))
    session.add(message)
    session.flush()
    return file
