"""What the call would do: what an officer should think about before publishing it."""

from sqlalchemy import func, select

from portal.applications.facts import facts_of
from portal.applications.models import Application
from portal.calls.queries import remaining_budget
from portal.core.i18n import lazy_
from portal.core.money import format_cents
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.queries.rankings import ranking_page
from portal.evaluation.ranking import Outcome
from portal.milestones.models import Milestone
from portal.milestones.rules import MilestoneStatus
from portal.questionnaires.queries import answers_of, form_of
from portal.questionnaires.rules import FilledForm
from portal.rehearsal.play import Play
from portal.rehearsal.rules import LONGEST_FORM
from portal.rehearsal.saying import Said
from portal.rehearsal.steps.paying import paid_cents

REACHED = (Outcome.FUNDED.value, Outcome.FUNDED_PARTIALLY.value, Outcome.SUITABLE_NOT_FUNDED.value)


def find(play: Play) -> None:
    """Look at the whole once more."""
    _form(play)
    _thresholds(play)
    _budget(play)
    _ties(play)
    _milestones(play)
    play.done(lazy_("The bank of the rehearsal paid € %(euro)s in all.", euro=format_cents(paid_cents(play))))


def _form(play: Play) -> None:
    counts = [_questions(play, application) for application in play.applications]
    most = max(counts, default=0)
    tell = play.warn if most > LONGEST_FORM else play.done
    tell(lazy_("An application answers %(count)s questions at most.", count=most), **_place(most, "questionnaire"))


def _place(count: int, place: str) -> dict[str, str]:
    return {"place": place} if count > LONGEST_FORM else {}


def _questions(play: Play, application: Application) -> int:
    form = form_of(play.session, application.sheet)
    values = {key: answer.value for key, answer in answers_of(play.session, application.sheet_id).items()}
    facts = facts_of(play.session, application.organisation, application.created_at)
    return sum(1 for each in FilledForm(form, values, facts).questions if not each.is_computed)


def _thresholds(play: Play) -> None:
    most = sum(criterion.maximum for criterion in play.design.criteria)
    if most < play.design.minimum_total:
        told = lazy_("Nobody can reach the least total: all criteria together give %(most)s points.", most=str(most))
        play.warn(told, place="minimum_total")
    query = select(func.count(RankingRow.id)).join(Ranking, Ranking.id == RankingRow.ranking_id)
    reached = query.where(Ranking.call_id == play.call.id, RankingRow.outcome.in_(REACHED))
    if not play.session.scalar(reached):
        play.warn(lazy_("Nobody reached the thresholds, not even with high marks."), place="minimum_total")


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


def _ties(play: Play) -> None:
    ranking = play.session.scalars(select(Ranking).where(Ranking.call_id == play.call.id)).first()
    if ranking is None:
        return
    for line in ranking_page(play.session, play.actor("chair", play.now), ranking.id).lines:
        if line.draw_between:
            play.warn(
                lazy_("The tie-breaks are exhausted at the edge of the budget: a draw between %(count)s applications"
                      " would decide.", count=len(line.draw_between)),
                place="tie_breaks", path=f"/rankings/{ranking.id}",
            )  # fmt: skip


def _milestones(play: Play) -> None:
    query = select(func.count(Milestone.id)).where(Milestone.grant_id.in_([grant.id for grant in play.grants]))
    left = play.session.scalar(query.where(Milestone.status != MilestoneStatus.ACCEPTED))
    if left:
        play.warn(lazy_("%(count)s milestones open no tranche: nobody is made to report them.", count=left),
                  place="milestones")  # fmt: skip
