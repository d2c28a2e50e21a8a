"""Changes of grants: shares and terms that can be kept."""

from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity.fault import Faults, at_least_one, per_cent_of


def changes(design: CallDesign) -> Faults:
    """A share is a share, a term has a day at least."""
    rules = design.changes
    yield from per_cent_of("changes.free_shift", rules.free_shift)
    yield from at_least_one("changes.answer_days", rules.answer_days)
    yield from at_least_one("changes.reply_days", rules.reply_days)
    yield from at_least_one("changes.extension_months", rules.extension_months)
