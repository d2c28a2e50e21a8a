"""What a call's file must satisfy beyond its types: every fault at once, each with its place and its mend."""

from portal.calls.rules.design import CallDesign
from portal.calls.rules.validity import (
    admission,
    agreement,
    asked,
    asking,
    changing,
    checks,
    choosing,
    control,
    costs,
    counted,
    counting,
    duties,
    evaluating,
    money,
    naming,
    paying,
    people,
    places,
    plan,
    reporting,
    sending,
    standing,
    timing,
)
from portal.calls.rules.validity.fault import Check, Fault, Faults
from portal.calls.rules.validity.form import questionnaires
from portal.calls.rules.validity.frozen import frozen_after_opening, is_frozen
from portal.calls.rules.validity.naming import KEY, SLUG
from portal.calls.rules.validity.notyet import NOT_YET, NOT_YET_KEYS, not_yet

__all__ = [
    "KEY",
    "NOT_YET",
    "NOT_YET_KEYS",
    "SLUG",
    "Fault",
    "Faults",
    "faults_of",
    "frozen_after_opening",
    "is_frozen",
    "not_yet",
    "publication_faults",
]

CHECKS: tuple[Check, ...] = (
    naming.names, naming.texts, naming.keys, naming.needed, places.areas, money.lines, money.amounts, money.own_share,
    people.applicants, people.participation, timing.phases, timing.order, timing.flow, asking.documents,
    asked.asked, asking.eligibility, asking.marginality, questionnaires, costs.categories, costs.demarcation,
    costs.options, counting.counting, counted.options_asked,
    choosing.criteria, choosing.tie_breaks, choosing.allocation, choosing.rankings, choosing.terms,
    duties.people, duties.in_kind, duties.categories, duties.several, money.commitments, plan.milestones,
    agreement.clauses, agreement.signatures, plan.tranches, plan.coaching, admission.admission, sending.sending,
    checks.checks, checks.steps, checks.aid,
    evaluating.rounds, evaluating.figures, changing.changes, standing.maturity, standing.follow_up,
    paying.payments, paying.reimbursements, reporting.reporting, control.control,
)  # fmt: skip


def faults_of(design: CallDesign) -> list[Fault]:
    """Every fault of a design, each once; an empty list when there is none."""
    found = {(fault.place, str(fault.words)): fault for check in CHECKS for fault in check(design)}
    return list(found.values())


def publication_faults(design: CallDesign) -> list[Fault]:
    """What keeps a call from being published: its faults, and whatever this version cannot keep yet."""
    return [*faults_of(design), *counting.unused(design), *not_yet(design)]
