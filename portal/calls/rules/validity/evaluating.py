"""How the commission works: rounds that hide what exists, figures within bounds."""

from collections.abc import Iterator

from portal.calls.rules.design import CallDesign, EvaluationRules
from portal.calls.rules.validity.fault import Fault, Faults, twice, views
from portal.core.i18n import lazy_

PLACE = "evaluation"
MOST_DAYS, MOST_MONTHS = 60, 60


def rounds(design: CallDesign) -> Faults:
    """Keys of rounds stand once, and what a round hides is asked."""
    found = design.evaluation.rounds
    for key in twice(each.key for each in found):
        yield Fault(f"{PLACE}.rounds", lazy_("“%(value)s” stands twice.", value=key), lazy_("Leave it once."))
    asked = {each.key for seen in views(design) for each in seen.design.documents_requested}
    asked |= {each.key for seen in views(design) for section in seen.design.sections for each in section.questions}
    for number, each in enumerate(found):
        for index, key in enumerate(each.hidden):
            if key not in asked:
                yield Fault(
                    f"{PLACE}.rounds.{number}.hidden.{index}",
                    lazy_("“%(value)s” is no document and no question of this call.", value=key),
                    lazy_("Write the key of one that is asked."),
                )


def figures(design: CallDesign) -> Faults:
    """Days, months and per cent within bounds."""
    yield from _figures(design.evaluation)


def _figures(rules: EvaluationRules) -> Iterator[Fault]:
    if rules.consensus_spread is not None and not 0 < rules.consensus_spread <= 100:
        yield Fault(f"{PLACE}.consensus_spread", lazy_("%(value)s is out of bounds.", value=rules.consensus_spread),
                    lazy_("Write per cent, more than 0 and at most 100, or leave it out."))  # fmt: skip
    if not 0 <= rules.observation_days <= MOST_DAYS:
        yield Fault(f"{PLACE}.observation_days", lazy_("%(value)s is out of bounds.", value=rules.observation_days),
                    lazy_("Write days, from 1 to 60, or 0 for no such step."))  # fmt: skip
    if rules.validity_months is not None and not 1 <= rules.validity_months <= MOST_MONTHS:
        yield Fault(f"{PLACE}.validity_months", lazy_("%(value)s is out of bounds.", value=rules.validity_months),
                    lazy_("Write months, from 1 to 60, or leave it out."))  # fmt: skip
