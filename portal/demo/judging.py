"""Admissibility, commission, conflicts, scores and rankings, as the office and the commission did."""

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from portal.applications.models import Application
from portal.applications.operations import decide_admissibility
from portal.applications.rules import AdmissibilityPoint, ApplicationStatus
from portal.calls.models import Call
from portal.calls.rules import Criterion
from portal.demo import texts
from portal.demo.sitting import SECRETARY, rise, sit
from portal.demo.stage import Stage
from portal.demo.texts import steady
from portal.evaluation.models import Assignment, Commission, Ranking
from portal.evaluation.operations import (
    answer_names,
    appoint_commission,
    assign_all,
    compute,
    declare_in_general,
    finalise_scores,
    publish_final,
    publish_provisional,
    save_scores,
)
from portal.evaluation.points import Entry, most_of, scored
from portal.evaluation.queries.naming import names_to_declare
from portal.evaluation.rules import AssignmentStatus

BEST = frozenset({"punto-croce-largo", "radio-balcone"})
NOT_YET = frozenset({"evaluator-6"})
"""Who has not declared yet: nothing opens to them."""
BANDS = ((40, "weak"), (72, "fair"), (101, "strong"))


def check_admissibility(stage: Stage, call: Call, applications: list[Application], *, leave: int = 0) -> None:
    """The officer decides on each, but for the last `leave`."""
    rows = {stage.organisations[row["organisation"]]: row for row in texts.proposals(call.slug)}
    sent = [each for each in applications if each.status is ApplicationStatus.SUBMITTED]
    for place, application in enumerate(sent[: len(sent) - leave]):
        reason = rows[application.organisation_id].get("inadmissible")
        failed = AdmissibilityPoint.AREA if reason and "aree" in reason else AdmissibilityPoint.AMOUNTS
        decide_admissibility(
            stage.session, application_id=application.id, is_admissible=reason is None,
            checklist={point.value: not (reason and point is failed) for point in AdmissibilityPoint},
            reason=reason, actor=stage.actor("officer"),
            now=call.phases[0].closes_at + timedelta(days=3 + place // 6, hours=place % 6),
        )  # fmt: skip


def appoint(
    stage: Stage, call: Call, *, chair: str, members: list[str], act: str, substitute: str | None = None
) -> Commission:
    """The commission, its first session and its applications; who has not declared has not signed either."""
    closes = call.phases[0].closes_at
    commission = appoint_commission(
        stage.session, phase_id=call.phases[0].id, act_number=act, act_date=(closes + timedelta(days=9)).date(),
        chair_id=stage.people[chair].id, member_ids=[stage.people[key].id for key in members],
        substitute_ids=[stage.people[substitute].id] if substitute else (), secretary_id=stage.people[SECRETARY].id,
        actor=stage.actor("officer"), now=closes + timedelta(days=10),
    )  # fmt: skip
    sitting = sit(stage, commission, closes + timedelta(days=10, hours=5))
    votes = {each.person_id for each in commission.members}
    for key in (chair, *members):
        if key not in NOT_YET:
            _declare(stage, call, key, closes + timedelta(days=10, hours=6))
    sits = {each.person_id for each in commission.members} & votes
    signed = [key for key in (chair, *members) if key not in NOT_YET and stage.people[key].id in sits]
    rise(stage, sitting, closes + timedelta(days=10, hours=7), signed_by=[*signed, SECRETARY])
    assign_all(stage.session, phase_id=call.phases[0].id, actor=stage.actor("officer"), now=closes + timedelta(days=11))
    return commission


def score(stage: Stage, call: Call, applications: list[Application], *, share: int = 100) -> None:
    """Each evaluator scores `share` per cent of what is theirs; what is left stays to be done."""
    keys = {person.id: key for key, person in stage.people.items()}
    by_organisation = {identity: key for key, identity in stage.organisations.items()}
    for assignment in _assignments(stage, applications):
        evaluator = keys[assignment.person_id]
        organisation = by_organisation[assignment.application.organisation_id]
        pace = steady(f"{evaluator}{organisation}", 100)
        if assignment.status is AssignmentStatus.FREE_OF_CONFLICT and pace < share:
            _score(stage, call, assignment, evaluator, organisation)


def _assignments(stage: Stage, applications: list[Application]) -> list[Assignment]:
    query = select(Assignment).where(Assignment.application_id.in_([each.id for each in applications]))
    return list(stage.session.scalars(query.order_by(Assignment.id)))


def _declare(stage: Stage, call: Call, evaluator: str, now: datetime) -> None:
    """What the evaluator swears, then the names: conflicts are those of the story."""
    conflicts = next((row.get("conflicts") or {} for row in texts.staff() if row["key"] == evaluator), {})
    whys = {stage.organisations[key]: why for key, why in conflicts.items()}
    phase_id, actor = call.phases[0].id, stage.actor(evaluator)
    declare_in_general(stage.session, phase_id=phase_id, holds=True, actor=actor, now=now)
    query = select(Application.id, Application.organisation_id).where(Application.phase_id == phase_id)
    applicants = {row.id: row.organisation_id for row in stage.session.execute(query)}
    names = names_to_declare(stage.session, phase_id, stage.people[evaluator].id)
    found = {each.names_id: whys[applicants[each.application_id]] for each in names
             if applicants[each.application_id] in whys}  # fmt: skip
    answer_names(
        stage.session, phase_id=phase_id, seen=[each.names_id for each in names], conflicts=found, actor=actor, now=now
    )


def _score(stage: Stage, call: Call, assignment: Assignment, evaluator: str, organisation: str) -> None:
    now = call.phases[0].closes_at + timedelta(days=14 + steady(organisation, 12), hours=steady(evaluator, 8))
    entries = [_entry(criterion, evaluator, organisation) for criterion in scored(assignment.application.design)]
    actor = stage.actor(evaluator)
    save_scores(stage.session, assignment_id=assignment.id, entries=entries, actor=actor, now=now)
    finalise_scores(stage.session, assignment_id=assignment.id, actor=actor, now=now + timedelta(minutes=4))


def _entry(criterion: Criterion, evaluator: str, organisation: str) -> Entry:
    """Half points around the quality of the proposal, a little apart for each evaluator, with a reason of that band."""
    quality = 93 if organisation in BEST else 52 + steady(organisation, 44)
    per_cent = min(100, max(10, quality + steady(f"{evaluator}{organisation}{criterion.key}", 19) - 9))
    half_points = int(most_of(criterion) * 2 * per_cent / 100)
    band = next(name for limit, name in BANDS if per_cent < limit)
    reasons = texts.work()["evaluator_reasons"][criterion.key][band]
    reason = reasons[steady(f"{organisation}{evaluator}", len(reasons))]
    points = min(int(most_of(criterion) * 100), half_points * 50)
    return Entry(criterion.key, int(Decimal(points)), reason, 0)


def rank(stage: Stage, call: Call, *, provisional_act: str, final_act: str | None) -> Ranking:
    """Compute and publish; the final one a month after the provisional one."""
    closes = call.phases[0].closes_at
    phase_id = call.phases[0].id
    ranking = compute(stage.session, phase_id=phase_id, actor=stage.actor("chair"), now=closes + timedelta(days=34))
    officer = stage.actor("officer")
    publish_provisional(
        stage.session, ranking_id=ranking.id, act_number=provisional_act,
        act_date=(closes + timedelta(days=36)).date(), actor=officer, now=closes + timedelta(days=37),
    )  # fmt: skip
    if final_act:
        publish_final(
            stage.session, ranking_id=ranking.id, act_number=final_act,
            act_date=(closes + timedelta(days=66)).date(), actor=officer, now=closes + timedelta(days=67),
        )  # fmt: skip
    return ranking
