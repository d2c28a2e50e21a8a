"""A commission's whole work on one phase through operations: the main job shows it at the browsers of its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from playwright.sync_api import expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.queries import authority_by_code, person_by_email
from portal.applications.admission import suggested_points
from portal.applications.models import Application
from portal.applications.operations import decide_admissibility
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.calls.queries import call_with_slug_for_update
from tests.browser.steps.people import Stage, it
from tests.factories import evaluation
from tests.factories.evaluation import Evaluation
from tests.factories.journey import address_of

AFTER_THE_TERM = timedelta(days=2)


@dataclass
class OfPhase(Evaluation):
    """The evaluation of one phase of several."""

    number: int = 0

    @property
    def phase(self) -> Phase:
        """The phase that is evaluated."""
        return self.call.phases[self.number]


def page_of(slug: str, phase: str) -> str:
    """Where the office sees the commission of a phase."""
    return f"/manage/calls/{slug}/commission?phase={phase}"


def evaluate(stage: Stage, *, slug: str, number: int, names: Sequence[str]) -> None:
    """Everything sent is admitted, read by all three and scored: the applicants named first get most points."""
    with stage.session() as session:
        world = _world(session, slug, number)
        stage.clock.set(world.phase.closes_at + AFTER_THE_TERM)
        _admit(stage, session, world)
        world.applications.sort(key=lambda each: names.index(each.organisation.name))
        evaluation.assign(session, world, now=stage.clock())
        evaluation.score_everything(session, world, now=stage.clock())


def _world(session: Session, slug: str, number: int) -> OfPhase:
    call = call_with_slug_for_update(session, slug)
    assert call is not None
    authority = authority_by_code(session, call.design.authority.code)
    assert authority is not None
    officer, chair, first, second = (
        _person(session, key) for key in ("officer", "chair", "evaluator-1", "evaluator-2")
    )  # fmt: skip
    return OfPhase(authority, officer, chair, [first, second], call, number=number)


def _person(session: Session, key: str) -> Person:
    found = person_by_email(session, address_of(key))
    assert found is not None
    return found


def _admit(stage: Stage, session: Session, world: OfPhase) -> None:
    query = select(Application).where(
        Application.phase_id == world.phase.id, Application.status == ApplicationStatus.SUBMITTED
    )
    world.applications = list(session.scalars(query.order_by(Application.id)))
    for each in world.applications:
        points = {point.key.value: point.is_met for point in suggested_points(each)}
        assert all(points.values()), (each.organisation.name, points)
        decide_admissibility(
            session, application_id=each.id, is_admissible=True, checklist=points, reason=None,
            actor=stage.actor(session, "officer"), now=stage.clock(),
        )  # fmt: skip


def look_at_two_rankings(stage: Stage, lists: Mapping[str, str]) -> None:
    """Each kind of applicant has a ranking of its own: `lists`, the name of each and who stands in it."""
    officer = stage.person("officer").visit(stage.facts["ranking"])
    for title, name in lists.items():
        table = officer.main.get_by_role("table", name=it("Ranked applications: %(line)s", line=title))
        expect(table).to_contain_text(name)
        for other in lists.values():
            if other != name:
                expect(table).not_to_contain_text(other)
