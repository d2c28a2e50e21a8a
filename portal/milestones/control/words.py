"""Sentences about a control: how lines were chosen, what categories are called."""

from sqlalchemy.orm import Session

from portal.core.i18n import _, in_language
from portal.core.money import format_money
from portal.milestones.control.labels import METHODS
from portal.milestones.control.models import ControlSample
from portal.milestones.control.sampling import Sampling
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries import agreed_plan
from portal.milestones.costs.rules.terms import categories_of


def category_names(session: Session, report: CostReport) -> dict[str, str]:
    """By key, in the reader's language: those of the call and of the plan in force."""
    found = categories_of(report.grant.application.design, agreed_plan(session, report.grant_id))
    return {key: in_language(each.name) or key for key, each in found.items()}


def sampling_words(sampling: Sampling) -> str:
    """How lines are chosen, in one sentence."""
    words: str = str(METHODS[sampling.method]) % {"share": sampling.share, "least": sampling.least}
    if sampling.above_cents is None:
        return words
    amount = format_money(sampling.above_cents)
    return str(_("%(method)s; in any case those of more than %(amount)s", method=words, amount=amount))


def method_words(sample: ControlSample | None) -> str:
    """How the lines of a sample were chosen, with its seed."""
    if sample is None:
        return "–"
    words = sampling_words(sample.sampling)
    return _("%(method)s; seed “%(seed)s”", method=words, seed=sample.seed) if sample.seed else words
