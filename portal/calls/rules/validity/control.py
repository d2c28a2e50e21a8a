"""The control of costs: shares, limits, the checklist."""

from portal.calls.rules.design import CallDesign, SampleMethod
from portal.calls.rules.validity.fault import Fault, Faults, amount_of, at_least_one, per_cent_of
from portal.calls.rules.validity.naming import keys_of
from portal.core.i18n import lazy_


def control(design: CallDesign) -> Faults:
    """A sample draws something; a limit is an amount."""
    rules = design.control
    for name in ("share", "materiality"):
        yield from per_cent_of(f"control.{name}", getattr(rules, name))
    for name in ("least", "answer_days"):
        yield from at_least_one(f"control.{name}", getattr(rules, name))
    if rules.above is not None:
        yield from amount_of("control.above", rules.above)
    elif rules.method is SampleMethod.ABOVE:
        yield Fault("control.above", lazy_("No amount is declared."),
                    lazy_("Write the amount above which lines are controlled, or choose another method."))  # fmt: skip
    yield from keys_of("control.checklist", rules.checklist)
