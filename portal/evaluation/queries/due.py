"""What the evaluation asks of somebody: to declare, to score; of the office: to appoint, assign, compute, publish."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager

from portal.access.policy import Role, Tie
from portal.applications.models import Application
from portal.applications.rules import UNDER_EVALUATION, ApplicationStatus
from portal.calls.models import Call, Phase
from portal.calls.rules import CallStatus, PhaseStatus
from portal.core.actor import Actor
from portal.core.i18n import _, in_language, ngettext
from portal.core.instants import format_day
from portal.evaluation.models import Assignment, Commission, Ranking, RankingDraw
from portal.evaluation.points import evaluators_wanted
from portal.evaluation.queries.agreements import to_be_agreed
from portal.evaluation.queries.assignments import open_to
from portal.evaluation.queries.clarifications import questions_open
from portal.evaluation.queries.declaring import Due, declarations_due
from portal.evaluation.queries.naming import suggestions_open
from portal.evaluation.queries.withheld import withheld_files
from portal.evaluation.rules import LIVE, MAY_READ, AssignmentStatus, RankingStatus
from portal.evaluation.terms import ROME
from portal.notices.rules import DueStep

OFFICE = (Role.OFFICER, Role.CHAIR)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A phase that waits for its ranking: the version that counts, and the day of a draw whose outcome is missing."""

    phase: Phase
    commission_id: UUID | None
    ranking: Ranking | None
    drawn_on: date | None
    suggestions: int
    """Conflicts suggested by the portal on which nobody has decided."""
    questions: int
    """Questions of evaluators on which nobody has decided."""

    @property
    def is_appointed(self) -> bool:
        """Whether there is a commission."""
        return self.commission_id is not None


def due_steps(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    """The steps of this room for this person; at most four statements."""
    return [*_as_evaluator(session, actor), *_as_office(session, actor, now)]


def _as_evaluator(session: Session, actor: Actor) -> list[DueStep]:
    steps = [_declaration(each) for each in declarations_due(session, actor)]
    if not actor.objects_tied_as("assigned"):
        return steps
    query = (
        select(Call.id, Call.title, Assignment.status, func.count(Assignment.id))
        .join(Application, Application.id == Assignment.application_id)
        .join(Call, Call.id == Application.call_id)
        .where(open_to(actor), or_(Assignment.status.in_(MAY_READ - {AssignmentStatus.FINALISED}), to_be_agreed()))
        .group_by(Call.id, Call.title, Assignment.status)
        .order_by(Call.id)
    )
    counts: Counter[tuple[UUID, str, bool]] = Counter()
    for call_id, title, status, count in session.execute(query):
        counts[call_id, in_language(title), status is AssignmentStatus.FINALISED] += int(count)
    return steps + [(_to_agree if is_final else _to_score)(count, place)
                    for (_call, place, is_final), count in sorted(counts.items())]  # fmt: skip


def _declaration(due: Due) -> DueStep:
    """The general declaration, or that on names."""
    path, place = f"/scoring/declarations/{due.phase_id}", in_language(due.title)
    why = _("Nothing of an application is shown before whoever sits has declared to be free of conflict with it.")
    if due.names is None:
        return DueStep(what=_("Give your declaration as a member of the commission"), why=why, button=_("Declare"),
                       path=path, place=place)  # fmt: skip
    what = ngettext(
        "Declare whether you are in conflict with %(num)d applicant",
        "Declare whether you are in conflict with %(num)d applicants", due.names,
    )  # fmt: skip
    return DueStep(what=what, why=why, button=_("Declare"), path=path, place=place)


def _to_score(count: int, place: str) -> DueStep:
    return DueStep(
        what=ngettext("Score %(num)d application", "Score %(num)d applications", count),
        why=_("The ranking can be computed once every assigned application has its final scores."),
        button=_("Score"), path="/scoring", place=place,
    )  # fmt: skip


def _to_agree(count: int, place: str) -> DueStep:
    return DueStep(
        what=ngettext("Agree on marks of %(num)d application", "Agree on marks of %(num)d applications", count),
        why=_("Marks lie further apart than the call allows: its evaluators agree on one, each by their own assent."),
        button=_("Agree"), path="/scoring", place=place,
    )  # fmt: skip


def _as_office(session: Session, actor: Actor, now: datetime) -> list[DueStep]:
    authorities = {home for role in OFFICE for home in actor.authorities_as(role)}
    if not authorities:
        return []
    waiting = _phases(session, authorities, now)
    counts, seats = _counts(session, [each.phase.id for each in waiting])
    apart = actor.objects_tied_as(Tie.CONFLICTED)
    files = withheld_files(session, [each.phase for each in waiting if each.is_appointed], without=apart)
    withheld = Counter(each.application.phase_id for each in files if each.waits)
    steps: list[DueStep] = []
    for each in waiting:
        publishes = each.phase.call.authority_id in actor.authorities_as(Role.OFFICER)
        if not publishes and each.commission_id is not None and Tie.COMMISSION not in actor.ties_to(each.commission_id):
            continue
        if publishes and each.suggestions:
            steps.append(_suggestions(each))
        if publishes and each.questions:
            steps.append(_questions(each))
        if publishes and withheld[each.phase.id]:
            steps.append(_withheld(each, withheld[each.phase.id]))
        steps += _phase_steps(each, counts, seats, publishes, now)
    return steps


def _phases(session: Session, authorities: set[UUID], now: datetime) -> list[Waiting]:
    """Phases past their deadline and not concluded, the oldest first."""
    version = aliased(Ranking)
    newest = (
        select(func.max(version.version))
        .where(version.phase_id == Phase.id, version.status != RankingStatus.SUPERSEDED)
        .scalar_subquery()
    )
    drawn_on = (
        select(func.min(RankingDraw.held_on))
        .where(RankingDraw.phase_id == Phase.id, RankingDraw.seed.is_(None))
        .scalar_subquery()
    )
    query = (
        select(Phase, Commission.id, Ranking, drawn_on, suggestions_open(Phase.id), questions_open(Phase.id))
        .join(Phase.call)
        .outerjoin(Commission, Commission.phase_id == Phase.id)
        .outerjoin(Ranking, (Ranking.phase_id == Phase.id) & (Ranking.version == newest))
        .where(Call.authority_id.in_(authorities), Call.status == CallStatus.PUBLISHED, Phase.closes_at < now)
        .where(Phase.status.in_((PhaseStatus.RUNNING, PhaseStatus.EVALUATION)))
        .options(contains_eager(Phase.call))
        .order_by(Phase.closes_at, Phase.id)
    )
    rows = session.execute(query)
    return [Waiting(each[0], each[1], each[2], each[3], each[4], each[5]) for each in rows]


def _counts(session: Session, phases: Sequence[UUID]) -> tuple[Counter[tuple[UUID, ApplicationStatus]], Counter[UUID]]:
    """By phase: applications in each status, and live assignments of those under evaluation."""
    counts: Counter[tuple[UUID, ApplicationStatus]] = Counter()
    seats: Counter[UUID] = Counter()
    live = (Assignment.application_id == Application.id) & Assignment.status.in_(LIVE)
    query = (
        select(
            Application.phase_id, Application.status,
            func.count(Application.id.distinct()), func.count(Assignment.id),
        )
        .outerjoin(Assignment, live)
        .where(Application.phase_id.in_(phases))
        .group_by(Application.phase_id, Application.status)
    )  # fmt: skip
    for phase, status, applications, assigned in session.execute(query) if phases else ():
        counts[phase, status] = applications
        seats[phase] += assigned if status in UNDER_EVALUATION else 0
    return counts, seats


def _phase_steps(
    found: Waiting,
    counts: Counter[tuple[UUID, ApplicationStatus]],
    seats: Counter[UUID],
    publishes: bool,
    now: datetime,
) -> list[DueStep]:
    phase, ranking = found.phase, found.ranking
    waiting, done = counts[phase.id, ApplicationStatus.ADMISSIBLE], counts[phase.id, ApplicationStatus.SCORED]
    each = evaluators_wanted(phase.design)
    wanted = (waiting + done) * each
    if each == 0:
        waiting, done = 0, waiting + done
    elif not found.is_appointed:
        return [_step(phase, _("Appoint the commission"), _("Appoint"))] if publishes else []
    if publishes and seats[phase.id] < wanted and waiting:
        return [_step(phase, _("Assign the admitted applications to evaluators"), _("Assign"))]
    if ranking is None:
        return [_step(phase, _("Compute the ranking"), _("Compute"))] if done and not waiting else []
    if not publishes:
        return []
    if found.drawn_on is None or not ranking.is_published:
        return [_publication(phase, ranking)]
    return [_outcome_of_draw(phase, found.drawn_on)] if found.drawn_on <= now.astimezone(ROME).date() else []


def _suggestions(found: Waiting) -> DueStep:
    phase, count = found.phase, found.suggestions
    return DueStep(
        what=ngettext("Decide on %(num)d suggested conflict", "Decide on %(num)d suggested conflicts", count),
        why=_("Until then the proposal stays closed to that evaluator."), button=_("Decide"),
        path=f"/manage/calls/{phase.call.slug}/conflicts?phase={phase.key}", place=in_language(phase.call.title),
    )  # fmt: skip


def _questions(found: Waiting) -> DueStep:
    phase, count = found.phase, found.questions
    return DueStep(
        what=ngettext("Decide on %(num)d question to an applicant", "Decide on %(num)d questions to applicants", count),
        why=_("An evaluator asks for a clarification: only the office writes to applicants."), button=_("Decide"),
        path=f"/manage/calls/{phase.call.slug}/clarifications?phase={phase.key}", place=in_language(phase.call.title),
    )  # fmt: skip


def _withheld(found: Waiting, count: int) -> DueStep:
    phase = found.phase
    what = ngettext(
        "Decide on %(num)d file that evaluators do not see", "Decide on %(num)d files that evaluators do not see", count
    )
    return DueStep(
        what=what, why=_("It is signed inside, and names are hidden: give a clean copy, or open it by an act."),
        button=_("Decide"), path=f"/manage/calls/{phase.call.slug}/withheld?phase={phase.key}",
        place=in_language(phase.call.title),
    )  # fmt: skip


def _outcome_of_draw(phase: Phase, day: date) -> DueStep:
    why = _("The final ranking waits for it. Whoever published the lists leaves this to somebody else.")
    return _step(phase, _("Enter the outcome of the public draw of %(day)s", day=format_day(day)), _("Enter"), why)


def _publication(phase: Phase, ranking: Ranking) -> DueStep:
    if ranking.is_published:
        why = _("Grants can be awarded only after the final ranking.")
        return _step(phase, _("Publish the final ranking"), _("Open"), why)
    return _step(phase, _("Publish the provisional ranking"), _("Open"))


def _step(phase: Phase, what: str, button: str, why: str | None = None) -> DueStep:
    return DueStep(
        what=what, button=button, path=f"/manage/calls/{phase.call.slug}/commission?phase={phase.key}", why=why,
        place=in_language(phase.call.title),
    )  # fmt: skip
