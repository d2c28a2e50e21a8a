"""Applicants and their duties, and the rules of eligibility."""

from portal.access.rules import LegalForm, OrganisationKind
from portal.access.rules.organisations import is_form_of
from portal.calls.rules.design import ApplicantRule, CallDesign, IncorporateBefore, TwoConsortia
from portal.calls.rules.validity.fault import ONE_AT_LEAST, Fault, Faults, at_least_one, choose, one_of, twice
from portal.core.i18n import lazy_

OLDEST = 120


def applicants(design: CallDesign) -> Faults:
    """Kinds and forms are those of the portal, each in one rule; duties fit the kind."""
    for index, rule in enumerate(design.applicants):
        place = f"applicants.{index}"
        yield from one_of(f"{place}.kind", rule.kind, OrganisationKind, lazy_("a kind of applicant"))
        yield from _forms(place, rule)
        yield from _incorporation(place, rule, len(design.phases))
        yield from _sizes(place, rule)
        yield from _ages(place, rule)
    pairs = [f"{rule.kind}/{form}" for rule in design.applicants for form in rule.forms]
    for pair in twice(pairs):
        yield Fault("applicants", lazy_("“%(pair)s” stands in two rules.", pair=pair),
                    lazy_("Leave each legal form in one rule."))  # fmt: skip


def _forms(place: str, rule: ApplicantRule) -> Faults:
    known = [form.value for form in LegalForm if is_form_of(rule.kind, form)]
    for index, form in enumerate(rule.forms):
        if form not in known:
            yield Fault(f"{place}.forms.{index}",
                        lazy_("“%(form)s” is not a legal form of %(kind)s.", form=form, kind=rule.kind),
                        choose(known))  # fmt: skip
    if not rule.forms:
        yield Fault(f"{place}.forms", lazy_("The list is empty."), choose(known))


def _incorporation(place: str, rule: ApplicantRule, phases: int) -> Faults:
    informal = rule.kind == OrganisationKind.INFORMAL_GROUP
    if rule.must_incorporate_days is not None and (not informal or rule.must_incorporate_days < 1):
        yield Fault(f"{place}.must_incorporate_days", lazy_("This term does not fit this kind of applicant."),
                    lazy_("Write days, one at least, and only for informal groups."))  # fmt: skip
    if rule.must_incorporate_before is not None and not informal:
        yield Fault(f"{place}.must_incorporate_before", lazy_("Only informal groups become legal entities."),
                    lazy_("Take this key away."))  # fmt: skip
    if rule.must_incorporate_before is IncorporateBefore.NEXT_PHASE and phases < 2:
        yield Fault(f"{place}.must_incorporate_before", lazy_("The call has no later phase."),
                    lazy_("Write agreement, or add a phase."))  # fmt: skip
    if rule.new_entity_only and not informal:
        yield Fault(f"{place}.new_entity_only", lazy_("Only informal groups become legal entities."),
                    lazy_("Take this key away."))  # fmt: skip


def _sizes(place: str, rule: ApplicantRule) -> Faults:
    yield from at_least_one(f"{place}.minimum_members", rule.minimum_members)
    if rule.minimum_organisations is not None and (
        rule.kind != OrganisationKind.CONSORTIUM or rule.minimum_organisations < 2
    ):
        yield Fault(f"{place}.minimum_organisations", lazy_("Only a consortium is made of organisations."),
                    lazy_("Write two at least, and only for the kind consortium."))  # fmt: skip


def _ages(place: str, rule: ApplicantRule) -> Faults:
    limits = [(name, getattr(rule, name)) for name in ("minimum_age", "maximum_age")]
    for name, age in limits:
        if age is not None and not 0 < age <= OLDEST:
            yield Fault(f"{place}.{name}", lazy_("%(age)s is not an age.", age=age), ONE_AT_LEAST)
    if rule.minimum_age is not None and rule.maximum_age is not None and rule.minimum_age > rule.maximum_age:
        yield Fault(f"{place}.minimum_age", lazy_("The lowest age is above the highest."),
                    lazy_("Write the smaller number here."))  # fmt: skip
    if (rule.ages_of is None) != (rule.minimum_age is None and rule.maximum_age is None):
        yield Fault(f"{place}.ages_of", lazy_("Ages are limited without saying whose, or the reverse."),
                    lazy_("Write both an age and whose it is: everyone, majority or representative."))  # fmt: skip


def participation(design: CallDesign) -> Faults:
    """A rule on consortia needs consortia."""
    has_consortia = any(rule.kind == OrganisationKind.CONSORTIUM for rule in design.applicants)
    if design.participation.two_consortia is not TwoConsortia.ALLOWED and not has_consortia:
        yield Fault("participation.two_consortia", lazy_("No consortium may apply to this call."),
                    lazy_("Add an applicant of the kind consortium, or take this key away."))  # fmt: skip
