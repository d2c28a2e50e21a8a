"""Why a result is what it is: means, reasons, thresholds and place, with or without names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from portal.access.policy import Action, allowed, authorise
from portal.applications.models import AdmissibilityDecision, Application
from portal.calls.rules import Criterion
from portal.core.actor import Actor
from portal.core.errors import NotFound
from portal.core.i18n import in_language, locale
from portal.evaluation.models import AgreedMark, Assignment, OutcomeLetter, Ranking, RankingRow, ScoreSheet
from portal.evaluation.points import HUNDRED, points_text
from portal.evaluation.queries.codes import Codes, codes_of, in_codes
from portal.evaluation.queries.elsewhere import is_chair_elsewhere
from portal.evaluation.queries.names import evaluator_names, evaluator_numbers, names_of_design
from portal.evaluation.queries.rankings import published_row, run_of, visible_ranking
from portal.evaluation.queries.reserves import has_open_reserve
from portal.evaluation.queries.sheets import is_last
from portal.evaluation.queries.since import final_since
from portal.evaluation.ranking import Outcome, explain, reasons_in_words, worked_out
from portal.evaluation.ranking import Ranking as Run
from portal.evaluation.rules import MAY_READ
from portal.evaluation.terms import Remedies, remedies_from

WHOLE = (joinedload(Application.organisation), joinedload(Application.call))


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one evaluator gave under one criterion, and why."""

    evaluator: str
    points: int
    reason: str
    level: str | None = None


@dataclass(frozen=True, slots=True)
class CriterionOutcome:
    """The published points of a criterion beside its minimum and maximum, with the opinions or the answers behind."""

    criterion: Criterion
    mean: Decimal
    opinions: list[Opinion]
    words: str | None = None
    agreed: str | None = None

    @property
    def is_reached(self) -> bool:
        """Whether the minimum is reached, where there is one."""
        return self.criterion.threshold is None or self.mean >= self.criterion.threshold


@dataclass(frozen=True, slots=True)
class OutcomePage:
    """One application's result, explained; without a published ranking there is none yet."""

    application: Application
    ranking: Ranking | None
    row: RankingRow | None
    criteria: list[CriterionOutcome]
    lines: list[str]
    not_admitted_because: str | None
    remedies: Remedies | None
    reasons: list[str] = field(default_factory=list)
    is_unchanged: bool = False
    """Whether an earlier final version gave the same result: the terms run from that one."""
    is_reserved: bool = False
    """Whether the reserve on which it was admitted is still open now."""
    code: str | None = None
    """What the reader calls it, where names are hidden from them."""

    @property
    def label(self) -> str:
        """Its code, or its reference."""
        return self.code or self.application.reference

    @property
    def applicant(self) -> str | None:
        """Who applies, unless names are hidden from the reader."""
        return None if self.code else self.application.organisation.name


def outcome_page(session: Session, actor: Actor, application_id: UUID) -> OutcomePage:
    """The applicant's own outcome: evaluators by number only; NotFound to everybody else."""
    application = session.get(Application, application_id, options=WHOLE)
    if application is None or application.is_draft:
        raise NotFound
    authorise(actor, Action.OUTCOME_READ, application)
    found = published_row(session, application_id)
    if found is None:
        return OutcomePage(application, None, None, [], [], None, None)
    ranking, row = found
    return _explained(session, application, ranking, row, with_names=False)


def why_page(session: Session, actor: Actor, ranking_id: UUID, application_id: UUID) -> OutcomePage:
    """Every number of one row: for staff by name, for the team by number; NotFound to everybody else."""
    ranking = visible_ranking(session, actor, ranking_id)
    query = (
        select(RankingRow)
        .where(RankingRow.ranking_id == ranking_id, RankingRow.application_id == application_id)
        .options(joinedload(RankingRow.application).options(*WHOLE))
    )
    row = session.scalars(query).one_or_none()
    if row is None or not may_see_why(actor, ranking, row) or is_chair_elsewhere(session, actor, ranking.phase):
        raise NotFound
    is_staff = allowed(actor, Action.RANKING_READ, row)
    page = _explained(session, row.application, ranking, row, with_names=is_staff)
    codes = codes_of(session, actor, ranking)
    return _in_codes(page, codes) if codes else page


def _in_codes(page: OutcomePage, codes: Codes) -> OutcomePage:
    """The same for whoever may not read names yet; why the office did not admit it may tell one."""
    given = run_of(page.ranking).given if page.ranking else None
    references = {each.reference: UUID(each.id) for each in given.candidates} if given else {}
    return replace(
        page, code=codes.get(page.application.id), lines=in_codes(page.lines, references, codes),
        reasons=in_codes(page.reasons, references, codes), not_admitted_because=None,
    )  # fmt: skip


def outcome_in(session: Session, ranking_id: UUID, application_id: UUID) -> OutcomePage:
    """One application's result in one version, evaluators by number: for the letter that tells it."""
    application = session.get_one(Application, application_id, options=WHOLE)
    query = select(RankingRow).where(RankingRow.ranking_id == ranking_id, RankingRow.application_id == application_id)
    row = session.scalars(query).one()
    return _explained(session, application, session.get_one(Ranking, ranking_id), row, with_names=False)


def may_see_why(actor: Actor, ranking: Ranking, row: RankingRow) -> bool:
    """Staff at any time, the team once it is published; nobody in conflict."""
    if allowed(actor, Action.RANKING_READ, row):
        return True
    return ranking.is_published and allowed(actor, Action.OUTCOME_READ, row)


def _explained(
    session: Session, application: Application, ranking: Ranking, row: RankingRow, *, with_names: bool
) -> OutcomePage:
    run = run_of(ranking)
    language, design = locale(), application.design
    people = (
        evaluator_names(session, run.given) if with_names else evaluator_numbers(run.given, application.id, language)
    )
    names = {**people, **names_of_design(design, language)}
    sheets = _sheets(session, application.id, ranking.computed_at)
    agreed = _agreed(session, run, application.id, language)
    told_at = final_since(session, ranking, row)
    return OutcomePage(
        application=application,
        ranking=ranking,
        row=row,
        criteria=[
            replace(each, agreed=agreed.get(each.criterion.key))
            for each in _criteria(design.criteria, row, sheets, people, _worked_out(run, application, language, names))
        ],
        lines=explain(run, str(application.id), language, names),
        reasons=reasons_in_words(run, str(application.id), language, names),
        not_admitted_because=_refusal(session, application.id) if row.outcome == Outcome.INADMISSIBLE else None,
        remedies=remedies_from(told_at) if told_at else None,
        is_unchanged=told_at != ranking.final_at,
        is_reserved=row.with_reserve and has_open_reserve(session, application.id),
    )


def _sheets(session: Session, application_id: UUID, at: datetime) -> Sequence[tuple[UUID, dict[str, Any]]]:
    """The final sheets that counted when the ranking was computed, by person."""
    query = (
        select(Assignment.person_id, ScoreSheet.scores)
        .join(ScoreSheet, ScoreSheet.assignment_id == Assignment.id)
        .where(Assignment.application_id == application_id, Assignment.status.in_(MAY_READ), is_last(at))
        .order_by(Assignment.person_id)
    )
    return [(person, scores) for person, scores in session.execute(query)]


def _criteria(
    criteria: Sequence[Criterion],
    row: RankingRow,
    sheets: Sequence[tuple[UUID, dict[str, Any]]],
    people: Mapping[str, str],
    words: Mapping[str, str],
) -> list[CriterionOutcome]:
    means = {key: Decimal(published) for key, _exact, published in row.detail["means"]}
    return [
        CriterionOutcome(each, means[each.key], _opinions(each, sheets, people), words.get(each.key))
        for each in criteria
        if each.key in means
    ]


def _agreed(session: Session, run: Run, application_id: UUID, language: str) -> dict[str, str]:
    """The agreed marks that this run counted, with the reason of the rapporteur, by criterion."""
    counted = {each.criterion: int(each.points * HUNDRED) for each in run.given.agreed
               if each.candidate == str(application_id)}  # fmt: skip
    query = select(AgreedMark).where(AgreedMark.application_id == application_id).order_by(AgreedMark.version)
    marks = session.scalars(query).all() if counted else ()
    return {
        each.criterion: f"{points_text(each.given_hundredths, language)}: {each.reason}"
        for each in marks
        if counted.get(each.criterion) == each.given_hundredths
    }


def _worked_out(run: Run, application: Application, language: str, names: Mapping[str, str]) -> dict[str, str]:
    """How each computed criterion came to its points."""
    result = run.result_of(str(application.id))
    computed = [each for each in run.given.scheme.criteria if not each.is_scored and result.total is not None]
    return {each.key: worked_out(run, result, each, language, names) for each in computed}


def _opinions(
    criterion: Criterion, sheets: Sequence[tuple[UUID, dict[str, Any]]], people: Mapping[str, str]
) -> list[Opinion]:
    """By the name or number of the evaluator."""
    levels = {each.key: in_language(each.name) for each in criterion.levels}
    found = [
        Opinion(people[str(person)], given["points"], given["reason"], levels.get(given.get("level", "")))
        for person, scores in sheets
        if str(person) in people and (given := scores.get(criterion.key)) is not None
    ]
    return sorted(found, key=lambda each: each.evaluator)


def _refusal(session: Session, application_id: UUID) -> str | None:
    """The reason of the last decision that did not admit it."""
    query = select(AdmissibilityDecision.reason).where(
        AdmissibilityDecision.application_id == application_id, AdmissibilityDecision.is_admissible.is_(False)
    )
    return session.scalars(query.order_by(AdmissibilityDecision.id.desc())).first()


def letters_of(session: Session, application_id: UUID) -> Sequence[OutcomeLetter]:
    """The letters of outcome of one application, the newest first."""
    query = select(OutcomeLetter).where(OutcomeLetter.application_id == application_id)
    whole = query.options(joinedload(OutcomeLetter.protocol_entry)).order_by(OutcomeLetter.id.desc())
    return session.scalars(whole).all()


def letter_of(session: Session, actor: Actor, letter_id: UUID) -> OutcomeLetter:
    """One letter, for those it is for; NotFound to everybody else."""
    found = session.get(OutcomeLetter, letter_id, options=[joinedload(OutcomeLetter.file)])
    if found is None:
        raise NotFound
    authorise(actor, Action.OUTCOME_READ, found)
    return found
