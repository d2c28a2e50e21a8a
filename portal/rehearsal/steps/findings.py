"""What the call would do: what an officer should think about before publishing it."""

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.applications.facts import facts_of
from portal.applications.models import Application
from portal.calls.models import Phase
from portal.calls.queries import remaining_budget
from portal.core.i18n import lazy_
from portal.core.money import format_cents
from portal.milestones.models import Milestone
from portal.milestones.rules import MilestoneStatus
from portal.questionnaires.queries import answers_of, form_of
from portal.questionnaires.rules import FilledForm
from portal.rehearsal.lessons import lessons_of
from portal.rehearsal.play import Play, calendar_of
from portal.rehearsal.rules import FINAL_AFTER, LONGEST_FORM, Fate
from portal.rehearsal.saying import Said
from portal.rehearsal.steps.paying import paid_cents


def find(play: Play) -> None:
    """Look at the whole once more: each phase, then the money."""
    for phase in play.call.phases:
        _form(play, phase)
        _room(play, phase)
        _ranking(play, phase)
    _budget(play)
    _milestones(play)
    play.done(lazy_("The bank of the rehearsal paid € %(euro)s in all.", euro=format_cents(paid_cents(play))))


def _form(play: Play, phase: Phase) -> None:
    query = select(Application).where(Application.phase_id == phase.id).options(joinedload(Application.organisation))
    most = max((_questions(play, application) for application in play.session.scalars(query)), default=0)
    if most > LONGEST_FORM:
        play.warn(lazy_("An application answers %(count)s questions at most.", count=most),
                  place=play.place("questionnaire", phase))  # fmt: skip
    else:
        play.done(lazy_("An application answers %(count)s questions at most.", count=most))


def _room(play: Play, phase: Phase) -> None:
    """A final ranking is needed before anything follows."""
    days = calendar_of(phase, play.now).room
    if phase.later is not None and days < FINAL_AFTER:
        play.warn(
            lazy_("“%(phase)s”: what follows begins %(days)s days after the term. Until then applications are decided,"
                  " scored and ranked for good: that usually takes %(usual)s days.",
                  phase=Said(phase.name), days=max(days, 0), usual=FINAL_AFTER),
            place=f"phases.{phase.position - 1}",
        )  # fmt: skip


def _ranking(play: Play, phase: Phase) -> None:
    ranking = play.ranking_of(phase)
    if ranking is None:
        return
    query = select(Application).where(Application.phase_id == phase.id)
    weak = {str(each.id) for each in play.session.scalars(query)
            if play.part_of(each).fate_in(phase.key) is Fate.WEAK}  # fmt: skip
    for lesson in lessons_of(phase.design, ranking.results, weak):
        play.warn(lesson.words, place=play.place(lesson.place, phase), path=f"/rankings/{ranking.id}")
    shared = [each for line in ranking.output_document["lines"] for each in line["draw_between"]]
    if shared:
        play.warn(
            lazy_("The tie-breaks are exhausted at the edge of the budget: a draw between %(count)s applications"
                  " would decide.", count=len(shared)),
            place=play.place("tie_breaks", phase), path=f"/rankings/{ranking.id}",
        )  # fmt: skip


def _questions(play: Play, application: Application) -> int:
    form = form_of(play.session, application.sheet)
    values = {key: answer.value for key, answer in answers_of(play.session, application.sheet_id).items()}
    facts = facts_of(play.session, application.organisation, application.created_at)
    return sum(1 for each in FilledForm(form, values, facts).questions if not each.is_computed)


def _budget(play: Play) -> None:
    for place, line in enumerate(remaining_budget(play.session, play.call)):
        if not line.remaining_cents:
            continue
        told = lazy_(
            "Line “%(line)s”: € %(left)s of € %(budget)s were not used. With grants as large as the largest one,"
            " %(count)s more could be paid.",
            line=Said(line.line.name), left=format_cents(line.remaining_cents),
            budget=format_cents(line.line.amount_cents), count=line.remaining_cents // play.design.largest_cents,
        )  # fmt: skip
        play.warn(told, place=f"budget_lines.{place}.amount")


def _milestones(play: Play) -> None:
    query = select(func.count(Milestone.id)).where(Milestone.grant_id.in_([grant.id for grant in play.grants]))
    left = play.session.scalar(query.where(Milestone.status != MilestoneStatus.ACCEPTED))
    if left:
        play.warn(lazy_("%(count)s milestones open no tranche: nobody is made to report them.", count=left),
                  place="milestones")  # fmt: skip
