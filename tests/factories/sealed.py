"""A sealed call with an application full of canaries, and everybody of its office."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Role, Tie
from portal.access.ties import tie
from portal.applications import operations
from portal.applications.messages.operations import write_message
from portal.applications.models import Application
from portal.calls.rules import CallDesign
from portal.core.actor import Actor
from tests.factories.applications import World, send, typed_section
from tests.factories.base import as_actor, bari_design, make_staff
from tests.factories.documents import PDF, make_upload

CANARIES = (
    "canarino-titolo", "canarino-testo", "canarino-ente", "canarino-persona", "canarino-messaggio", "canarino-file",
    "canarino-byte", "23.579,00",
)  # fmt: skip
TITLE, TEXT, TEAM, PERSON, MESSAGE, FILE, BYTES, AMOUNT = CANARIES
OFFICE = (Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.FINANCE_MAKER, Role.CHAIR, Role.EVALUATOR, Role.COACH,
          Role.DATA_PROTECTION_OFFICER)  # fmt: skip
READERS = (Role.OFFICER, Role.AUDITOR)
TERM = timedelta(days=10, seconds=120)
"""Ten days after now the term ends; two minutes later nothing can be accepted any more."""
OVER = TERM + timedelta(seconds=1)


def sealed_design(*, sealed: bool = True) -> CallDesign:
    """The call of Bari, sealed."""
    design = bari_design()
    return replace(design, admission=replace(design.admission, sealed=sealed))


@dataclass(frozen=True)
class SealedWorld:
    """What a test of it needs."""

    session: Session
    world: World
    application: Application
    staff: dict[Role, Person]

    def actor(self, role: Role, at: datetime) -> Actor:
        """Somebody of the office, as of an instant."""
        return as_actor(self.session, self.staff[role], now=at)


def make_sealed(session: Session, *, now: datetime) -> SealedWorld:
    """The application is sent, its team wrote to the office, and a coach accompanies it."""
    world = World(session, now, slug="buste-chiuse", design=sealed_design())
    world.owner.name, world.organisation.name = PERSON, TEAM
    given: dict[str, Any] = {"title": TITLE, "requested": 2_357_900, "total": 3_000_000}
    application = world.draft(**given)
    _plant(session, world, application, given)
    send(session, application, by=world.actor, at=now)
    session.refresh(application)
    write_message(session, application_id=application.id, text=MESSAGE, actor=world.actor, now=now)
    staff = {role: make_staff(session, world.authority, role, now=now) for role in OFFICE}
    tie(session, person_id=staff[Role.COACH].id, tie=Tie.COACHES, object_type="application",
        object_id=application.id, now=now)  # fmt: skip
    return SealedWorld(session, world, application, staff)


def _plant(session: Session, world: World, application: Application, given: dict[str, Any]) -> None:
    """A text and a file with marks of their own."""
    section = next(
        each for each in world.call.design.sections if any((q.max_chars or 0) >= 500 for q in each.questions)
    )
    long = next(each for each in section.questions if (each.max_chars or 0) >= 500)
    typed = typed_section(section, world.call, **given) | {long.key: f"Una {TEXT} nel quartiere."}
    operations.save_answers(
        session, application=application, section_key=section.key, typed=typed, base={long.key: 1},
        actor=world.actor, now=world.now,
    )  # fmt: skip
    document = next(each for each in world.call.design.documents_requested if each.required_for)
    content = PDF.replace(b"%%EOF", f"% {BYTES}\n%%EOF".encode())
    operations.attach_file(
        session, application=application, document_key=document.key, upload=make_upload(content, f"{FILE}.pdf"),
        actor=world.actor, now=world.now,
    )  # fmt: skip
