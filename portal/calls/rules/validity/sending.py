"""What is declared, paid and signed at sending: keys of their own, articles, an amount."""

from collections.abc import Sequence

from portal.calls.rules.design import CallDesign, Declaration, StampExemption
from portal.calls.rules.validity.fault import AMOUNT, Fault, Faults, decimals_of, twice
from portal.calls.rules.validity.naming import KEY
from portal.core.i18n import lazy_


def sending(design: CallDesign) -> Faults:
    """Declarations and exemptions are told apart and name their article; the stamp costs something."""
    yield from _articles("sending.declarations", design.sending.declarations)
    duty = design.sending.stamp_duty
    if duty is None:
        return
    yield from _articles("sending.stamp_duty.exemptions", duty.exemptions)
    yield from decimals_of("sending.stamp_duty.amount", duty.amount)
    if not 0 < duty.amount < 1000:
        yield Fault("sending.stamp_duty.amount", lazy_("%(value)s is out of bounds.", value=str(duty.amount)), AMOUNT)


def _articles(place: str, items: Sequence[Declaration | StampExemption]) -> Faults:
    for value in twice(each.key for each in items):
        yield Fault(place, lazy_("“%(value)s” stands twice.", value=value), lazy_("Give each its own."))
    for index, each in enumerate(items):
        if not KEY.fullmatch(each.key):
            yield Fault(f"{place}.{index}.key", lazy_("“%(key)s” cannot be a key.", key=each.key),
                        lazy_("Write small letters, digits and underscores, at most 64, a letter first."))  # fmt: skip
        if not each.article.strip():
            yield Fault(f"{place}.{index}.article", lazy_("The article is missing."),
                        lazy_("Write it, such as art. 46 DPR 445/2000."))  # fmt: skip
