"""Criteria that nobody scores, as far as one application alone tells: for evaluators, beside what they score."""

from dataclasses import replace

from sqlalchemy.orm import Session

from portal.applications.models import Application, Submission
from portal.calls.rules import Criterion, CriterionSource
from portal.core.i18n import locale
from portal.evaluation.declared import scheme_of
from portal.evaluation.points import HUNDRED, Computed
from portal.evaluation.queries.answers import filled, form_of_submission, said_in
from portal.evaluation.queries.names import names_of_design
from portal.evaluation.ranking import Candidate, Facts, Line, Ranking, RankingInput, answers_in_words, compute_ranking

ALONE = "alone"
"""The line of a ranking of one, made to see what its answers are worth."""


def computed_criteria(session: Session, application: Application, submission: Submission) -> list[Computed]:
    """Every computed criterion with the answers it counts with, in the order of the call."""
    design = application.design
    wanted = [each for each in design.criteria if not each.is_scored]
    if not wanted:
        return []
    facts = said_in(design, filled(form_of_submission(session, submission), submission.content))
    run = _alone(application, facts)
    names = names_of_design(design, locale())
    return [_computed(run, each, names) for each in wanted]


def _alone(application: Application, facts: Facts) -> Ranking:
    """The computed criteria of one application, ranked alone."""
    scheme = scheme_of(application.design, application.phase.key)
    computed = tuple(each for each in scheme.criteria if not each.is_scored)
    whole = replace(scheme, criteria=computed, tie_breaks=(), quotas=(), minimum_total=None, cap=None)
    candidate = Candidate(str(application.id), application.reference, 0, 0, 1, ALONE, facts=facts)
    return compute_ranking(RankingInput(whole, (Line(ALONE, 0),), (candidate,), (), ()))


def _computed(run: Ranking, criterion: Criterion, names: dict[str, str]) -> Computed:
    """What alone can be known; the ends of an interpolation and the other points of a bonus in per cent cannot."""
    rule = next(each for each in run.given.scheme.criteria if each.key == criterion.key)
    words = answers_in_words(rule, run.given.candidates[0], locale(), names)
    published = next(mean.published for mean in run.results[0].means if mean.criterion == criterion.key)
    by_others = criterion.source is CriterionSource.INTERPOLATION or criterion.per_cent is not None
    return Computed(criterion, words, None if by_others else int(published * HUNDRED))
