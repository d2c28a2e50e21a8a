"""The office decides, the commission scores, the ranking is computed and published."""

from datetime import datetime, timedelta

from sqlalchemy import select

from portal.applications.admission import suggested_points
from portal.applications.labels import POINTS
from portal.applications.models import Application
from portal.applications.operations import decide_admissibility
from portal.applications.rules import AdmissibilityPoint, ApplicationStatus
from portal.calls.rules import Criterion, TieBreakBy
from portal.core.i18n import lazy_
from portal.evaluation.models import Assignment
from portal.evaluation.operations import (
    answer_names,
    appoint_commission,
    assign_all,
    compute,
    decide_suggestion,
    declare_in_general,
    finalise_scores,
    publish_final,
    publish_provisional,
    save_scores,
)
from portal.evaluation.operations.drawing import enter_seed, publish_draw
from portal.evaluation.points import Entry, hundredths, total_text
from portal.evaluation.queries.assignments import entries_of
from portal.evaluation.queries.draws import draws_of_ranking
from portal.evaluation.queries.naming import names_to_declare
from portal.rehearsal.play import CannotGoOn, Play
from portal.rehearsal.rules import COMMISSION_AFTER, FINAL_AFTER, RANKED_AFTER, Fate
from portal.rehearsal.saying import Listed
from portal.rehearsal.steps.ranked import must_be_ranked, tell_ranking
from portal.rehearsal.steps.sitting import SECRETARY, close_first, open_first
from portal.rehearsal.twin import evaluators_of
from portal.rehearsal.words import REASONS, steady

WEAK, STRONG = 25, 88
"""How much of each maximum a weak and a sound proposal get, in per cent; sound ones all the same, so that ties come."""
LOTTERY, LOTS = "Lotto, ruota di Roma (prova)", "12 34 56 78 90"
DISMISSED = "Prova: persone inventate."
REFUSED = "Prova: il requisito non risulta dai documenti presentati."


def decide(play: Play) -> None:
    """The officer follows what the portal computed, and refuses the one that is there to be refused."""
    sent = [each for each in play.applications if each.status is ApplicationStatus.SUBMITTED]
    if not sent:
        play.impossible(lazy_("No application could be sent: nothing can be chosen."), place="questionnaire")
        raise CannotGoOn
    for place, application in enumerate(sent):
        _decide(play, application, place)


def _decide(play: Play, application: Application, place: int) -> None:
    now = play.days.at(3 + place // 6, 9 + place % 6)
    points = {point.key: point.is_met for point in suggested_points(application)}
    if play.fate_of(application) is Fate.INADMISSIBLE:
        points[next(key for key in points if key is not AdmissibilityPoint.IN_TIME)] = False
    unmet = [key for key, is_met in points.items() if not is_met]
    decide_admissibility(
        play.session, application_id=application.id, is_admissible=not unmet,
        checklist={key.value: is_met for key, is_met in points.items()}, reason=REFUSED if unmet else None,
        actor=play.actor("officer", now), now=now,
    )  # fmt: skip
    path = f"/applications/{application.id}"
    if unmet:
        names = Listed(POINTS[key] for key in unmet)
        play.held(lazy_("%(reference)s is not admissible: %(points)s.", reference=application.reference, points=names),
                  path=path)  # fmt: skip
    else:
        play.done(lazy_("%(reference)s is admissible.", reference=application.reference), path=path)


def appoint(play: Play) -> None:
    """Chair and evaluators by an act; every application gets as many as the call declares; nobody has a conflict."""
    now, phase = play.days.at(COMMISSION_AFTER), play.phase
    keys = evaluators_of(play.design.evaluators_per_application)
    members = [play.troupe.person(key).id for key in keys]
    commission = appoint_commission(
        play.session, phase_id=phase.id, act_number="PROVA/2", act_date=play.days.day(COMMISSION_AFTER - 1),
        chair_id=play.troupe.person("chair").id, member_ids=members,
        secretary_id=play.troupe.person(SECRETARY).id, actor=play.actor("officer", now), now=now,
    )  # fmt: skip
    made = assign_all(
        play.session, phase_id=phase.id, actor=play.actor("officer", now), now=now + timedelta(days=1)
    )  # fmt: skip
    then = now + timedelta(days=2)
    sitting = open_first(play, commission, then - timedelta(hours=1))
    for key in ("chair", *keys):
        _declare(play, key, then)
    close_first(play, sitting, ("chair", *keys), then + timedelta(hours=1))
    play.done(
        lazy_("A commission of %(seats)s was appointed; %(count)s assignments, nobody in conflict.",
              seats=len(members) + 1, count=len(made.assignments)),
        path=f"/manage/calls/{play.call.slug}/commission",
    )  # fmt: skip


def _declare(play: Play, key: str, now: datetime) -> None:
    """What everybody swears, and no conflict with any name; what the portal noticed all the same is dismissed."""
    phase_id, actor, person_id = play.phase.id, play.actor(key, now), play.troupe.person(key).id
    declare_in_general(play.session, phase_id=phase_id, holds=True, actor=actor, now=now)
    names = names_to_declare(play.session, phase_id, person_id)
    answer_names(play.session, phase_id=phase_id, seen=[each.names_id for each in names], conflicts={}, actor=actor,
                 now=now)  # fmt: skip
    for each in names:
        if each.likenesses:
            decide_suggestion(
                play.session, application_id=each.application_id, person_id=person_id, is_conflict=False,
                reason=DISMISSED, actor=play.actor("officer", now), now=now,
            )  # fmt: skip


def score(play: Play) -> None:
    """Every evaluator scores and closes the sheet."""
    for assignment in _assignments(play):
        now = play.days.at(14 + steady(str(assignment.id), 12))
        actor = play.actor(_key(play, assignment), now)
        fate = play.fate_of(assignment.application)
        criteria = {each.key: each for each in play.design.criteria}
        entries = [_entry(criteria[each.criterion], fate) for each in entries_of(play.session, assignment)]
        save_scores(play.session, assignment_id=assignment.id, entries=entries, actor=actor, now=now)
        sheet = finalise_scores(play.session, assignment_id=assignment.id, actor=actor, now=now + timedelta(minutes=9))
        play.done(
            lazy_("%(reference)s: %(points)s points by %(name)s.", reference=assignment.application.reference,
                  points=total_text(sheet.total_hundredths), name=assignment.person.name),
        )  # fmt: skip


def _entry(criterion: Criterion, fate: Fate) -> Entry:
    """Points in proportion, in half points; of levels the lowest or the highest that rejects nothing."""
    reason = REASONS[steady(criterion.key, len(REASONS))]
    if criterion.levels:
        kept = sorted(level.points for level in criterion.levels if not level.knock_out)
        return Entry(criterion.key, hundredths(kept[0] if fate is Fate.WEAK else kept[-1]), reason, 0)
    most = hundredths(criterion.scale or criterion.maximum)
    return Entry(criterion.key, most * (WEAK if fate is Fate.WEAK else STRONG) // 5000 * 50, reason, 0)


def rank(play: Play) -> None:
    """Compute the ranking, by a draw where the call ends in one; publish it as provisional, then for good."""
    _compute(play, play.days.at(RANKED_AFTER))
    if play.design.tie_breaks and play.design.tie_breaks[-1].by is TieBreakBy.DRAW:
        _draw(play)
    ranking = must_be_ranked(play, play.phase)
    then, last = play.days.at(RANKED_AFTER + 3), play.days.at(FINAL_AFTER)
    publish_provisional(
        play.session, ranking_id=ranking.id, act_number="PROVA/3", act_date=play.days.day(RANKED_AFTER + 2),
        actor=play.actor("officer", then), now=then,
    )  # fmt: skip
    publish_final(
        play.session, ranking_id=ranking.id, act_number="PROVA/4", act_date=play.days.day(FINAL_AFTER - 1),
        actor=play.actor("officer", last), now=last,
    )  # fmt: skip
    tell_ranking(play, ranking)


def _compute(play: Play, now: datetime) -> None:
    refusal = play.attempt(compute, phase_id=play.phase.id, actor=play.actor("chair", now), now=now)
    if refusal is not None:
        play.impossible(refusal.message, place=play.place("criteria"))
        raise CannotGoOn


def _draw(play: Play) -> None:
    """Publish the lists of those who share a place, draw a day later, and compute once more."""
    now, then = play.days.at(RANKED_AFTER, 11), play.days.at(RANKED_AFTER + 1, 11)
    held_on = max(play.days.day(RANKED_AFTER + 1), now.date() + timedelta(days=1))
    ranking = must_be_ranked(play, play.phase)
    ties = draws_of_ranking(play.session, play.phase.id, ranking).unpublished
    if not ties:
        return
    draw = publish_draw(
        play.session, ranking_id=ranking.id, source=LOTTERY, held_on=held_on, act_number="PROVA/2-B",
        act_date=play.days.day(RANKED_AFTER), actor=play.actor("officer", now), now=now,
    )  # fmt: skip
    then = max(then, play.days.on(held_on, 20))
    enter_seed(play.session, draw_id=draw.id, seed=LOTS, actor=play.actor("author", then), now=then)
    play.done(lazy_("Places are shared by %(names)s: a public draw was announced, held and entered.",
                    names=Listed(name for tie in ties for name in tie.references)),
              path=f"/rankings/{ranking.id}")  # fmt: skip
    _compute(play, then)


def _assignments(play: Play) -> list[Assignment]:
    query = select(Assignment).where(Assignment.application_id.in_([each.id for each in play.applications]))
    return list(play.session.scalars(query.order_by(Assignment.id)))


def _key(play: Play, assignment: Assignment) -> str:
    return assignment.person.email.removesuffix(play.troupe.domain)
