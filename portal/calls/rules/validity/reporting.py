"""Cost reports: terms and shares that can be kept."""

from portal.calls.rules.design import CallDesign, ReportingRules
from portal.calls.rules.validity.fault import LARGEST_AMOUNT, Fault, Faults, decimals_of, per_cent_of
from portal.core.i18n import lazy_

LONGEST_DAYS = 730


def reporting(design: CallDesign) -> Faults:
    """A term of days, a share, an amount, a technical part that asks something."""
    rules = design.reporting
    if not 0 <= rules.paid_within_days <= LONGEST_DAYS:
        yield Fault("reporting.paid_within_days",
                    lazy_("%(value)s days cannot be kept.", value=rules.paid_within_days),
                    lazy_("Write a number of days from 0 to %(most)d.", most=LONGEST_DAYS))  # fmt: skip
    yield from per_cent_of("reporting.over_budget", rules.over_budget)
    if rules.files_from is not None:
        if not 0 <= rules.files_from < LARGEST_AMOUNT:
            yield Fault("reporting.files_from",
                        lazy_("%(value)s is not an amount.", value=str(rules.files_from)),
                        lazy_("Write an amount in euro; 0, every document is attached."))  # fmt: skip
        yield from decimals_of("reporting.files_from", rules.files_from)
    yield from _technical(rules)


def _technical(rules: ReportingRules) -> Faults:
    """Without a question there would be nothing to answer, and reports would wait for it."""
    if rules.questionnaire is not None and not rules.sections:
        yield Fault("reporting.questionnaire", lazy_("The technical part asks nothing."),
                    lazy_("Write one section at least, or take the technical part away."))  # fmt: skip
    for number, section in enumerate(rules.sections):
        if not section.questions:
            yield Fault(f"reporting.questionnaire.sections.{number}.questions", lazy_("This section asks nothing."),
                        lazy_("Write one question at least, or take the section away."))  # fmt: skip
