"""What follows the award: days, checks, steps and the ceiling of aid."""

from portal.calls.rules.design import AidRegime, CallDesign, CheckKind, GateName, GrantCheck
from portal.calls.rules.validity.fault import Fault, Faults, amount_of, at_least_one, per_cent_of
from portal.core.i18n import lazy_

MOST_ADDED = 20
OF_AID = frozenset({CheckKind.DE_MINIMIS, CheckKind.AID_CODE})
REGISTERED = frozenset({AidRegime.DE_MINIMIS, AidRegime.DE_MINIMIS_SGEI})


def checks(design: CallDesign) -> Faults:
    """Each check with a key, days and thresholds that can be; aid is checked where aid is given."""
    yield from at_least_one("award.acceptance_days", design.award.acceptance_days)
    for index, check in enumerate(design.award.checks):
        place = f"award.checks.{index}"
        yield from at_least_one(f"{place}.days_valid", check.days_valid)
        if check.above is not None:
            yield from amount_of(f"{place}.above", check.above)
        yield from _sample(f"{place}.sample", check)
        if check.kind in OF_AID and design.aid_regime not in REGISTERED:
            yield Fault(f"{place}.kind", lazy_("Only calls under de minimis rules check aid."),
                        lazy_("Choose another kind, or de minimis rules for this call."))  # fmt: skip


def steps(design: CallDesign) -> Faults:
    """How many people may join with the deed."""
    added = design.award.added_at_incorporation
    if not 0 <= added <= MOST_ADDED:
        yield Fault("award.added_at_incorporation", lazy_("%(value)s is out of bounds.", value=added),
                    lazy_("Write how many people may join with the deed, from 0 to 20."))  # fmt: skip
    if added and not design.participation.frozen_composition:
        yield Fault("award.added_at_incorporation", lazy_("The people of this call are not fixed: anybody may join."),
                    lazy_("Fix the people after the application, or write 0."))  # fmt: skip


def aid(design: CallDesign) -> Faults:
    """An amount above zero over a year at least."""
    if design.aid.ceiling is not None:
        yield from amount_of("aid.ceiling", design.aid.ceiling)
    yield from at_least_one("aid.years", design.aid.years)
    for index, tranche in enumerate(design.tranches):
        if GateName.AID_REGISTERED in tranche.gates and design.aid_regime not in REGISTERED:
            yield Fault(f"tranches.{index}.gates", lazy_("Only grants under de minimis rules have a code (COR)."),
                        lazy_("Take this gate away, or choose de minimis rules for this call."))  # fmt: skip


def _sample(place: str, check: GrantCheck) -> Faults:
    if check.sample is None:
        return
    yield from per_cent_of(place, check.sample)
    if check.sample == 0:
        yield Fault(place, lazy_("A sample of nothing checks nobody."), lazy_("Write a percentage above zero."))
    if check.kind is not CheckKind.DECLARATIONS:
        yield Fault(place, lazy_("Only declarations are checked by sample."),
                    lazy_("Take the sample away: this check is made on every grant."))  # fmt: skip
