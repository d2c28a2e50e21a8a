"""What the call's template says of a tranche, beside the gates that the tranche keeps."""

from portal.calls.rules import GateName, TrancheBasis, TrancheTemplate
from portal.grants.rules import GrantStatus
from portal.payments.models import Tranche

EARNED = frozenset({GateName.REPORT_APPROVED, GateName.SPENDING_JUSTIFIED})
"""Gates that a final account answers once for all."""


def template_of(tranche: Tranche) -> TrancheTemplate | None:
    """The template it was drawn from."""
    return next((each for each in tranche.grant.call.design.tranches if each.key == tranche.key), None)


def is_reimbursed(tranche: Tranche) -> bool:
    """Whether it is computed from approved costs."""
    template = template_of(tranche)
    return template is not None and template.basis is TrancheBasis.REIMBURSEMENT


def gates_declared(tranche: Tranche) -> list[GateName]:
    """Its gates in order, less what the final account answers; where tax is withheld, the activity is known first."""
    declared = [GateName(name) for name in tranche.gates]
    if tranche.grant.status is GrantStatus.CLOSING:
        declared = [gate for gate in declared if gate not in EARNED]
    implied = tranche.grant.call.design.payments.withholding > 0 and GateName.ACTIVITY_FOUND not in declared
    return [*declared, GateName.ACTIVITY_FOUND] if implied else declared


def asks_for(tranche: Tranche, gate: GateName) -> bool:
    """Whether this gate stands in its way."""
    return gate in gates_declared(tranche)


def reports_needed(tranche: Tranche) -> int:
    """How many tranches up to this one wait for a cost report: each for one of its own."""
    templates = tranche.grant.call.design.tranches
    keys = [each.key for each in templates]
    upto = templates[: keys.index(tranche.key) + 1] if tranche.key in keys else []
    return sum(1 for each in upto if GateName.REPORT_APPROVED in each.gates)
