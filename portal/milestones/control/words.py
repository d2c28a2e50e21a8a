"""Sentences about a control: how lines were chosen, what categories are called."""

from collections.abc import Iterator

from sqlalchemy.orm import Session

from portal.core.counts import format_count
from portal.core.i18n import _, in_language, ngettext
from portal.core.money import format_money
from portal.milestones.control.labels import METHODS
from portal.milestones.control.models import ControlSample
from portal.milestones.control.projection import Projection
from portal.milestones.control.queries import Control
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


def projection_words(control: Control) -> list[str]:
    """What was found in the lines drawn, what it comes to in the others, and what follows."""
    found = control.projection
    if found is None:
        return []
    if not found.unseen_lines:
        return [_("Every line was looked at: nothing is estimated.")]
    if not found.basis.charged_cents:
        return [_("No line was looked at: nothing can be estimated for the others.")]
    return [*_estimate(found), _allowed(control, found)]


def _estimate(found: Projection) -> Iterator[str]:
    yield _("Of the lines drawn %(rate)s %% was not accepted (%(error)s of %(charged)s).",
            rate=format_count(found.error_hundredths), error=format_money(found.basis.error_cents),
            charged=format_money(found.basis.charged_cents))  # fmt: skip
    yield ngettext(
        "If the %(num)d line that nobody looked at (%(unseen)s) is like them, about %(projected)s would not stand:"
        " %(share)s %% of what is left.",
        "If the %(num)d lines that nobody looked at (%(unseen)s) are like them, about %(projected)s would not stand:"
        " %(share)s %% of what is left.",
        found.unseen_lines, unseen=format_money(found.unseen_cents), projected=format_money(found.projected_cents),
        share=format_count(found.share_hundredths),
    )  # fmt: skip


def _allowed(control: Control, found: Projection) -> str:
    limit = control.materiality
    if limit is None:
        return str(_("The call sets no limit to this estimate: those lines stand as they are charged."))
    words = {"limit": format_count(int(limit * 100))}
    if found.is_beyond(limit):
        return str(_("This is more than the %(limit)s %% that the call allows: look at more lines before the control"
                     " ends.", **words))  # fmt: skip
    return str(
        _("This is within the %(limit)s %% that the call allows: those lines stand as they are charged.", **words)
    )


def method_words(sample: ControlSample | None) -> str:
    """How the lines of a sample were chosen, with its seed."""
    if sample is None:
        return "–"
    words = sampling_words(sample.sampling)
    return _("%(method)s; seed “%(seed)s”", method=words, seed=sample.seed) if sample.seed else words
