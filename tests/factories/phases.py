"""A shipped call of two phases with its dates moved: idea, ranking, accompaniment, project; each step by operations."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person
from portal.access.policy import Role
from portal.access.queries import authority_by_code
from portal.access.rules import LegalForm
from portal.applications import operations
from portal.applications.facts import facts_of
from portal.applications.models import Application, Submission
from portal.applications.operations.whole import submit_with_everything
from portal.applications.queries import application_of, open_draft
from portal.applications.rules import ADMIT, COST, RANK_NOT_SUITABLE, RANK_SELECTED, REQUESTED, SCORE, ApplicationStatus
from portal.calls.areas import grounds_of
from portal.calls.models import Call, Phase
from portal.calls.rules import (
    CONCLUDE_PHASE,
    EVALUATE,
    AuthorityInfo,
    CallDesign,
    Deadline,
    PhaseStatus,
)
from portal.calls.rules.pricing import pricing_of
from portal.calls.rules.times import wall_time
from portal.coaching.accompaniment import operations as accompaniment
from portal.coaching.models import Meeting
from portal.coaching.rules import SessionMode
from portal.core.actor import SYSTEM, Actor
from portal.core.instants import ROME
from portal.documents.operations import store_bytes
from portal.grants.models import Incorporation
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import QuestionType, typed_of
from portal.rehearsal.answers import Writer, answer_form
from portal.rehearsal.cast import unwanted_of
from tests.factories.base import as_actor, make_application, make_call, make_organisation, make_person, make_staff
from tests.factories.calls import publish_design, shipped_design
from tests.factories.documents import PDF, make_upload

DAYS = timedelta(days=1)
PUBLISHED, IDEA_OPENS, SENT, IDEA_CLOSES, RANKED = (-each * DAYS for each in (70, 69, 65, 60, 50))
BEGINS, ENDS, PROJECT_OPENS, PROJECT_CLOSES = -48 * DAYS, -10 * DAYS, -5 * DAYS, 20 * DAYS


@cache
def moved(slug: str, day: datetime) -> CallDesign:
    """A shipped call of two phases around a day: its second phase has been open for five days."""
    design = shipped_design(slug)
    idea, project = design.phases
    between = idea.accompaniment
    assert between is not None
    dated = replace(between, starts=(day + BEGINS).date(), ends=(day + ENDS).date())
    phases = [
        replace(idea, opens=_wall(day + IDEA_OPENS), deadlines=[Deadline(_wall(day + IDEA_CLOSES))],
                accompaniment=dated),
        replace(project, opens=_wall(day + PROJECT_OPENS), deadlines=[Deadline(_wall(day + PROJECT_CLOSES))]),
    ]  # fmt: skip
    return replace(design, phases=phases)


def _wall(instant: datetime) -> datetime:
    return wall_time(instant.replace(minute=0, second=0, microsecond=0), ROME)


def fill_draft(session: Session, application: Application, actor: Actor, at: datetime) -> None:
    """Answer whatever of a draft has no answer yet, and attach what is required: ready to be sent."""
    opened = open_draft(session, application)
    form, design = form_of(session, application.sheet), application.design
    rule = application.rule
    assert rule is not None
    total = Decimal(rule.maximum)
    writer = Writer(
        application.reference, [area.key for area in design.areas], grounds_of(design.areas),
        facts_of(session, application.organisation, at),
        {REQUESTED: total * (100 - rule.cofinancing) / 100, COST: total},
        unwanted=unwanted_of(design.costs), pricing=pricing_of(design.costs, form),
    )  # fmt: skip
    values = answer_form(form, writer)
    for section in form.sections:
        typed = {each.key: typed_of(each, values[each.key]) for each in section.questions
                 if each.key in values and each.key not in opened.answers and not each.is_computed
                 and each.type is not QuestionType.FILES}  # fmt: skip
        operations.save_answers(
            session, application=application, section_key=section.key, typed=typed, base={}, actor=actor, now=at
        )
    for request in (each for each in opened.draft.requests if opened.draft.needs(each)):
        operations.attach_file(
            session, application=application, document_key=request.key,
            upload=make_upload(PDF, f"{request.key}.pdf"), actor=actor, now=at,
        )  # fmt: skip


class TwoPhases:
    """A shipped call that is published, its office, its coach, and teams that come."""

    def __init__(self, session: Session, now: datetime, slug: str = "milano-scuola-quartieri-3") -> None:
        self.session, self.now = session, now
        self.call: Call = publish_design(session, moved(slug, now), now=now + PUBLISHED)
        self.authority: Authority = self._authority()
        self.officer: Person = make_staff(session, self.authority, Role.OFFICER, now=now)
        self.coach: Person = make_staff(session, self.authority, Role.COACH, now=now)
        self.idea: Phase = self.call.phases[0]
        self.project: Phase = self.call.phases[1]

    def _authority(self) -> Authority:
        found = authority_by_code(self.session, self.call.design.authority.code)
        assert found is not None
        return found

    def actor(self, person: Person) -> Actor:
        """Somebody, as an operation receives them."""
        return as_actor(self.session, person, now=self.now)

    @property
    def office(self) -> Actor:
        """The officer."""
        return self.actor(self.officer)

    def team(self, *, informal: bool = True, name: str = "") -> tuple[Person, Organisation]:
        """An applicant with its owner."""
        long_ago = self.now + PUBLISHED
        owner = make_person(self.session, now=long_ago)
        organisation = make_organisation(self.session, now=long_ago, owner=owner, informal=informal)
        if name:
            organisation.name = name
        return owner, organisation

    def begin(self, owner: Person, organisation: Organisation, phase: Phase, at: datetime) -> Application:
        """A draft of this applicant for a phase."""
        begun = operations.start_application(
            self.session, call=self.call, phase=phase, organisation_id=organisation.id, actor=self.actor(owner), now=at
        )
        self.session.flush()
        return application_of(self.session, begun.id)

    def fill(self, application: Application, owner: Person, at: datetime) -> None:
        """Answer whatever has no answer yet, and attach what is required."""
        fill_draft(self.session, application, self.actor(owner), at)

    def send(self, application: Application, owner: Person, at: datetime) -> Submission:
        """Send it."""
        return submit_with_everything(
            self.session, application_id=application.id, actor=self.actor(owner), received_at=at, now=at
        )

    def sent_idea(self, *, informal: bool = True, name: str = "") -> tuple[Person, Application]:
        """A team whose idea is registered."""
        owner, organisation = self.team(informal=informal, name=name)
        at = self.now + SENT
        application = self.begin(owner, organisation, self.idea, at)
        self.fill(application, owner, at)
        self.send(application, owner, at)
        return owner, application

    def rank(self, selected: Sequence[Application], others: Sequence[Application] = ()) -> None:
        """The final ranking of the first phase, by the moves that publishing it makes."""
        at = self.now + RANKED
        for application in (*selected, *others):
            for move in (ADMIT, SCORE, RANK_SELECTED if application in selected else RANK_NOT_SUITABLE):
                application.make(move, at=at)
        for step in (EVALUATE, CONCLUDE_PHASE):
            self.idea.make(step, at=at)
        self.session.flush()

    def meet(self, *present: Application, day: int = 1, hours: int = 10, by: Person | None = None) -> Meeting:
        """A meeting of so many hours, with these teams there."""
        return accompaniment.note_meeting(
            self.session, phase_id=self.idea.id, starts_at=self.now + BEGINS + day * DAYS, minutes=hours * 60,
            title=f"Incontro {day}", mode=SessionMode.IN_PERSON, present=[each.id for each in present],
            actor=self.actor(by or self.coach), now=self.now + BEGINS + (day + 1) * DAYS,
        )  # fmt: skip

    def attend(self, application: Application, *, meetings: int) -> None:
        """So many meetings of ten hours with this team there."""
        for day in range(1, meetings + 1):
            self.meet(application, day=day)

    def close(self, at: datetime | None = None) -> None:
        """Close the accompaniment."""
        accompaniment.close_accompaniment(
            self.session, phase_id=self.idea.id, actor=self.office, now=at or self.now + ENDS
        )


def name_phase_objects(
    session: Session, authority: Authority, organisation: Organisation, officer: Person, *, now: datetime
) -> dict[str, UUID]:
    """A phase whose accompaniment is under way, a meeting, a team with the deed of its entity: by parameter."""
    design = replace(moved("napoli-iq", now), authority=AuthorityInfo(authority.code, authority.name))
    call = make_call(session, authority, now=now, design=design, opens=-30 * DAYS, closes=-20 * DAYS,
                     phase_status=PhaseStatus.CONCLUDED)  # fmt: skip
    later = Phase(call_id=call.id, key="project", position=2, name=design.phases[1].name, status=PhaseStatus.RUNNING,
                  status_at=now, opens_at=now - DAYS, closes_at=now + DAYS, zone=ROME)  # fmt: skip
    session.add(later)
    session.flush()
    session.refresh(call)
    team = make_application(session, call, organisation, now=now, status=ApplicationStatus.SELECTED)
    file = store_bytes(session, name="d.pdf", media_type="application/pdf", content=PDF, actor=SYSTEM, now=now)
    session.flush()
    session.add(Incorporation(application_id=team.id, due_on=now.date(), name="Ente", legal_form=LegalForm.ASSOCIATION,
                              deed_file_id=file.id, recorded_at=now))  # fmt: skip
    phase = call.phases[0]
    phase.status_at = now - 19 * DAYS
    session.flush()
    meeting = accompaniment.note_meeting(
        session, phase_id=phase.id, starts_at=now - DAYS, minutes=60, title="Incontro", mode=SessionMode.REMOTE,
        present=[team.id], actor=as_actor(session, officer, now=now), now=now,
    )  # fmt: skip
    return {"register_phase_id": phase.id, "meeting_id": meeting.id, "team_id": team.id}
