"""A call past its deadline, with registered applications, a commission, and score sheets as a test wants them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person
from portal.access.policy import Role, Tie
from portal.access.rules.facts import local_day
from portal.applications.models import Application, Submission
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call, Phase
from portal.core.actor import Actor
from portal.documents.models import StoredFile
from portal.evaluation import operations
from portal.evaluation.models import Assignment, Ranking, RankingDraw
from portal.evaluation.points import Entry, hundredths, most_of, scored
from portal.evaluation.queries.declaring import general_of, own_commission
from portal.evaluation.queries.naming import names_to_declare
from portal.evaluation.ranking import list_hash
from portal.evaluation.rules import MAY_READ
from portal.register.models import ProtocolEntry
from portal.register.rules import Direction
from tests.factories.base import (
    as_actor,
    join,
    make_application,
    make_authority,
    make_call,
    make_organisation,
    make_person,
    make_staff,
)

numbers = count(900_000)
CLOSED: dict[str, Any] = {"opens": timedelta(days=-30), "closes": timedelta(days=-1)}


@dataclass
class Evaluation:
    """Everybody and everything of one evaluation."""

    authority: Authority
    officer: Person
    chair: Person
    members: list[Person]
    call: Call
    applications: list[Application] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    owners: list[Person] = field(default_factory=list)
    known: dict[str, Any] = field(default_factory=dict)
    """What else a test wants to find again: `world.known["ranking"]`."""

    @property
    def ranking(self) -> Ranking:
        """The ranking of the test."""
        found: Ranking = self.known["ranking"]
        return found

    @property
    def phase(self) -> Phase:
        """The only phase."""
        return self.call.phases[0]

    @property
    def people(self) -> list[Person]:
        """Chair and members."""
        return [self.chair, *self.members]


def frozen(application: Application, **more: Any) -> dict[str, Any]:
    """The content of a submission, in the shape of the applications room."""
    answer = {"key": "need", "type": "long_text", "tag": None, "label": {"it": "Il bisogno", "en": "The need"}}
    text = more.get("text", "Nel quartiere manca un posto aperto la sera.")
    return {
        "format": 1, "reference": application.reference, "title": application.title,
        "organisation": {"id": str(application.organisation_id), "name": application.organisation.name},
        "area": {"key": "liberta", "name": "Libertà"},
        "amounts": {"requested_cents": application.requested_cents, "total_cents": application.total_cents,
                    "own_cents": application.total_cents - application.requested_cents},
        "sections": [{"key": "idea", "title": {"it": "L'idea", "en": "The idea"},
                      "answers": [answer | {"value": text, "text": {"it": text, "en": text}}]}],
        "files": [
            {"document": "statute", "label": {"it": "Statuto", "en": "Statute"}, "file_id": str(file.id),
             "name": file.name, "media_type": file.media_type, "size_bytes": file.size_bytes, "sha256": file.sha256}
            for file in more.get("files", ())
        ],
    }  # fmt: skip


def make_submission(
    session: Session, application: Application, *, now: datetime, text: str = "Un posto aperto la sera.",
    files: tuple[StoredFile, ...] = (), changed: dict[str, Any] | None = None,
) -> Submission:  # fmt: skip
    """A registered submission, two days old; `changed` parts of its content."""
    at = now - timedelta(days=2)
    entry = ProtocolEntry(
        authority_id=application.authority_id, year=at.year, number=next(numbers), direction=Direction.INCOMING,
        registered_at=at, counterpart=application.organisation.name, subject="Domanda", sha256="0" * 64,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    row = Submission(
        application_id=application.id, phase_id=application.phase_id, protocol_entry_id=entry.id,
        form_revision_id=application.phase.form_revision_id, received_at=at, accepted_at=at,
        content=frozen(application, text=text, files=files) | (changed or {}), content_sha256="0" * 64,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def make_evaluation(
    session: Session, *, now: datetime, applications: int = 3, members: int = 2, code: str = "bari", **asked: Any
) -> Evaluation:
    """Admitted applications of as many organisations, and people who may sit on the commission."""
    authority = make_authority(session, code=code)
    world = Evaluation(
        authority=authority,
        officer=make_staff(session, authority, Role.OFFICER, now=now, name="Olga Ufficio"),
        chair=make_person(session, now=now, name="Carla Presidente", roles=(Role.CHAIR,), authority=authority),
        members=[make_staff(session, authority, Role.EVALUATOR, now=now, name=f"Elio Commissario {n}")
                 for n in range(1, members + 1)],
        call=make_call(session, authority, now=now, **CLOSED, **asked),
    )  # fmt: skip
    for number in range(applications):
        add_application(session, world, now=now, requested_cents=1_500_000 + 10_000 * number)
    return world


def add_application(
    session: Session, world: Evaluation, *, now: datetime, status: ApplicationStatus = ApplicationStatus.ADMISSIBLE,
    requested_cents: int = 2_000_000, text: str = "Un posto aperto la sera.", files: tuple[StoredFile, ...] = (),
    title: str = "", organisation: Organisation | None = None,
) -> Application:  # fmt: skip
    """One more registered application, with the owner of its organisation."""
    owner = make_person(session, now=now)
    organisation = organisation or make_organisation(session, now=now, owner=owner)
    join(session, make_person(session, now=now), organisation, Tie.EDITOR, now=now)
    application = make_application(
        session, world.call, organisation, now=now, status=status, requested_cents=requested_cents,
        total_cents=requested_cents * 5 // 4, title=title,
    )  # fmt: skip
    make_submission(session, application, now=now, text=text, files=files)
    world.applications.append(application)
    world.owners.append(owner)
    return application


def appoint(session: Session, world: Evaluation, *, now: datetime, **changed: Any) -> Any:
    """Chair and members take their seats."""
    given: dict[str, Any] = {"phase_id": world.phase.id, "act_number": "2026/210/00214", "act_date": now.date(),
             "chair_id": world.chair.id, "member_ids": [each.id for each in world.members],
             "actor": as_actor(session, world.officer, now=now), "now": now}  # fmt: skip
    return operations.appoint_commission(session, **(given | changed))


def assign(session: Session, world: Evaluation, *, now: datetime) -> list[Assignment]:
    """Appoint, then give everything out."""
    appoint(session, world, now=now)
    officer = as_actor(session, world.officer, now=now)
    return operations.assign_all(session, phase_id=world.phase.id, actor=officer, now=now).assignments


def actor_for(session: Session, assignment: Assignment, *, now: datetime) -> Actor:
    """The evaluator of an assignment, as known now."""
    return as_actor(session, session.get_one(Person, assignment.person_id), now=now)


def swear(session: Session, phase_id: UUID, actor: Actor, *, now: datetime) -> None:
    """The general declaration, unless it was given."""
    commission = own_commission(session, actor, phase_id)
    if general_of(session, commission.id, actor.person_id) is None:
        operations.declare_in_general(session, phase_id=phase_id, holds=True, actor=actor, now=now)


def declare_free(session: Session, assignment: Assignment, *, now: datetime) -> None:
    """No conflict on this one."""
    _declare(session, assignment, None, now)


def declare_conflict(session: Session, assignment: Assignment, reason: str = "Cugina", *, now: datetime) -> None:
    """A conflict on this one, on the list of names."""
    _declare(session, assignment, reason, now)


def _declare(session: Session, assignment: Assignment, reason: str | None, now: datetime) -> None:
    actor, phase_id = actor_for(session, assignment, now=now), assignment.application.phase_id
    swear(session, phase_id, actor, now=now)
    names = names_to_declare(session, phase_id, assignment.person_id)
    seen = [each.names_id for each in names if each.application_id == assignment.application_id]
    conflicts = dict.fromkeys(seen, reason) if reason else {}
    operations.answer_names(session, phase_id=phase_id, seen=seen, conflicts=conflicts, actor=actor, now=now)


def declare_all(session: Session, world: Evaluation, *, now: datetime, secretary: bool = True) -> None:
    """Everybody who sits swears, who keeps the minutes too, and is in conflict with nobody."""
    keeps = [world.known["secretary"]] if secretary and "secretary" in world.known else []
    for person in (*world.people, *keeps):
        actor = as_actor(session, person, now=now)
        swear(session, world.phase.id, actor, now=now)
        seen = [each.names_id for each in names_to_declare(session, world.phase.id, person.id)]
        operations.answer_names(session, phase_id=world.phase.id, seen=seen, conflicts={}, actor=actor, now=now)


def score(session: Session, assignment: Assignment, *, now: datetime, share: int = 80) -> None:
    """Give each criterion this share (per cent) of its maximum, with a reason, and close the sheet."""
    given: dict[str, Any] = {
        "assignment_id": assignment.id,
        "actor": actor_for(session, assignment, now=now),
        "now": now,
    }
    entries = [
        Entry(each.key, hundredths(most_of(each)) * share // 100, f"Motivo di {each.key}", 0)
        for each in scored(assignment.application.design)
    ]
    operations.save_scores(session, entries=entries, **given)
    operations.finalise_scores(session, **given)


def score_everything(session: Session, world: Evaluation, *, now: datetime) -> None:
    """Every evaluator declares and closes; the first application gets most, each next one a little less."""
    place = {application.id: number for number, application in enumerate(world.applications)}
    declare_all(session, world, now=now)
    assignments = session.scalars(select(Assignment).order_by(Assignment.id)).all()
    for each in assignments:
        if each.application_id in place and each.status in MAY_READ:
            score(session, each, now=now, share=max(10, 95 - 5 * place[each.application_id]))


def compute(session: Session, world: Evaluation, *, now: datetime) -> Ranking:
    """The next version."""
    officer = as_actor(session, world.officer, now=now)
    return operations.compute(session, phase_id=world.phase.id, actor=officer, now=now)


def publish(session: Session, world: Evaluation, ranking: Ranking, *, now: datetime, final: bool = False) -> Ranking:
    """Provisional, or final."""
    operation = operations.publish_final if final else operations.publish_provisional
    officer = as_actor(session, world.officer, now=now)
    return operation(session, ranking_id=ranking.id, act_number="2026/9", act_date=now.date(), actor=officer, now=now)


def make_draw(session: Session, ranking: Ranking, *, now: datetime) -> RankingDraw:
    """The lists of a draw, published yesterday; the public draw is today's."""
    row = RankingDraw(
        authority_id=ranking.authority_id, phase_id=ranking.phase_id, ranking_id=ranking.id,
        lists=[{"ranking": "main", "position": 1, "references": ["VIV-1", "VIV-2"],
                "sha256": list_hash(["VIV-1", "VIV-2"])}],
        source="Lotto, ruota di Bari", held_on=local_day(now), act_number="2026/8", act_date=local_day(now),
        published_at=now - timedelta(days=1), published_on=local_day(now) - timedelta(days=1),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row
