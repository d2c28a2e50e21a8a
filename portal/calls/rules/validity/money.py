"""Money: lines within funds, amounts within the budget, promises within the money."""

from decimal import Decimal

from portal.calls.rules.design import AllocateBy, ApplicantRule, CallDesign, Cofinancing, PhaseGate
from portal.calls.rules.validity.fault import (
    HUNDRED,
    Fault,
    Faults,
    Seen,
    amount_of,
    at_least_one,
    decimals_of,
    one_of,
    per_cent_of,
    views,
)
from portal.core.i18n import lazy_


def total_of(design: CallDesign) -> Decimal:
    """The whole budget, in euro."""
    return sum((line.amount for line in design.budget_lines), Decimal(0))


def lines(design: CallDesign) -> Faults:
    """Budget lines are amounts; what they serve is known; they stay within their funds."""
    areas, kinds = {each.key for each in design.areas}, {each.kind for each in design.applicants}
    funds = {each.key for each in design.funds}
    for index, line in enumerate(design.budget_lines):
        place = f"budget_lines.{index}"
        yield from amount_of(f"{place}.amount", line.amount)
        if line.area is not None:
            yield from one_of(f"{place}.area", line.area, areas, lazy_("an area of this call"))
        if line.kind is not None:
            yield from one_of(f"{place}.kind", line.kind, kinds, lazy_("a kind of applicant of this call"))
        if line.fund is not None:
            yield from one_of(f"{place}.fund", line.fund, funds, lazy_("a fund of this call"))
    for index, fund in enumerate(design.funds):
        yield from amount_of(f"funds.{index}.amount", fund.amount)
        used = sum((line.amount for line in design.budget_lines if line.fund == fund.key), Decimal(0))
        if used > fund.amount:
            yield Fault(
                f"funds.{index}.amount",
                lazy_("Its budget lines take %(used)s, more than the fund, %(amount)s.", used=str(used),
                      amount=str(fund.amount)),
                lazy_("Lower the lines, or correct the amount of the fund."),
            )  # fmt: skip


def amounts(design: CallDesign) -> Faults:
    """Smallest and largest grants, and the share of applicants."""
    total = total_of(design)
    for index, rule in enumerate(design.applicants):
        yield from _amounts(f"applicants.{index}", rule, total)


def _amounts(place: str, rule: ApplicantRule, total: Decimal) -> Faults:
    yield from amount_of(f"{place}.minimum", rule.minimum)
    yield from amount_of(f"{place}.maximum", rule.maximum)
    yield from decimals_of(f"{place}.cofinancing", rule.cofinancing)
    values = {"minimum": str(rule.minimum), "maximum": str(rule.maximum), "total": str(total)}
    if rule.minimum > rule.maximum:
        yield Fault(f"{place}.minimum", lazy_("%(minimum)s is more than the maximum, %(maximum)s.", **values),
                    lazy_("Write the smaller amount here."))  # fmt: skip
    if rule.maximum > total:
        yield Fault(f"{place}.maximum", lazy_("%(maximum)s is more than the whole budget, %(total)s.", **values),
                    lazy_("Lower the largest grant, or add money to the budget lines."))  # fmt: skip
    if not 0 <= rule.cofinancing < HUNDRED:
        yield Fault(f"{place}.cofinancing", lazy_("%(value)s is not a share.", value=str(rule.cofinancing)),
                    lazy_("Write a percentage of the total cost, from 0 to less than 100."))  # fmt: skip


def own_share(design: CallDesign) -> Faults:
    """What the applicants' share is made of."""
    share = design.own_share
    if not share.made_of:
        yield Fault("own_share.made_of", lazy_("The list is empty."), lazy_("Write one at least."))
    if (share.in_kind_most is not None) and Cofinancing.IN_KIND not in share.made_of:
        yield Fault("own_share.in_kind_most", lazy_("Nothing in kind is taken by this call."),
                    lazy_("Add in_kind to own_share.made_of, or take this key away."))  # fmt: skip
    yield from per_cent_of("own_share.in_kind_most", share.in_kind_most)
    if (Cofinancing.CROWDFUNDING in share.made_of) != (share.crowdfunding is not None):
        yield Fault("own_share.crowdfunding", lazy_("Crowdfunding is named without its terms, or the reverse."),
                    lazy_("Write crowdfunding in own_share.made_of, and its share and days here."))  # fmt: skip
    if share.crowdfunding is not None:
        yield from per_cent_of("own_share.crowdfunding.share", share.crowdfunding.share)
        yield from at_least_one("own_share.crowdfunding.days", share.crowdfunding.days)


def commitments(design: CallDesign) -> Faults:
    """The places promised, times the smallest grant, stay within the money (places of earlier phases cost nothing)."""
    last = views(design)[-1] if design.phases and design.phases[-1].selection else views(design)[0]
    if design.phases and len(design.phases) > 1 and PhaseGate.SELECTED not in design.phases[-1].entry:
        return
    if last.design.allocation.by is AllocateBy.BUDGET:
        return
    promised = _promised(last)
    total = total_of(design)
    if promised > total:
        yield Fault(
            last.at("allocation") + ".places",
            lazy_("The places promise %(promised)s at the smallest grants; the budget is %(total)s.",
                  promised=str(promised), total=str(total)),
            lazy_("Lower the places or the smallest grants, or add money to the budget lines."),
        )  # fmt: skip


def _promised(seen: Seen) -> Decimal:
    design = seen.design
    if not design.applicants:
        return Decimal(0)
    least = {rule.kind: rule.minimum for rule in reversed(design.applicants)}
    lowest = min(least.values())
    return sum((least.get(each.kind or "", lowest) * each.count for each in design.allocation.places), Decimal(0))
