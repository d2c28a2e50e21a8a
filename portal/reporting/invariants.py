"""The nightly checker: every room's own invariants, one after the other."""

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from portal.access import checks as access
from portal.access import identity_checks as identity
from portal.access import organisation_checks as organisations
from portal.access import privacy_checks as privacy
from portal.access import role_checks as roles
from portal.applications import admissibility_checks as admissibility
from portal.applications import checks as applications
from portal.applications.inbox import checks as inbox
from portal.calls import checks as calls
from portal.coaching import checks as coaching
from portal.coaching.maturity import checks as maturity
from portal.documents import checks as documents
from portal.evaluation import after_checks as after
from portal.evaluation import checks as evaluation
from portal.evaluation import disclosure_checks as disclosures
from portal.evaluation import following_checks as following
from portal.evaluation import sitting_checks as sittings
from portal.grants import checks as grants
from portal.grants.agreements import checks as agreements
from portal.grants.changes import checks as changes
from portal.ledger import checks as ledger
from portal.ledger.periods import checks as periods
from portal.milestones import checks as milestones
from portal.milestones.control import checks as control
from portal.milestones.costs import checks as costs
from portal.payments import checks as payments
from portal.payments.bank import checks as bank
from portal.payments.closing import checks as closing
from portal.payments.irregularities import checks as irregularities
from portal.payments.recoveries import checks as recoveries
from portal.questionnaires import checks as questionnaires
from portal.register import checks as register
from portal.rehearsal import checks as rehearsal
from portal.reporting.trail import checks as trail

CHECKS: tuple[Callable[[Session], Iterator[str]], ...] = (
    access.broken,
    roles.broken,
    identity.broken,
    organisations.broken,
    privacy.broken,
    calls.broken,
    applications.broken,
    admissibility.broken,
    inbox.broken,
    register.broken,
    ledger.broken,
    periods.broken,
    documents.broken,
    questionnaires.broken,
    evaluation.broken,
    sittings.broken,
    after.broken,
    disclosures.broken,
    following.broken,
    grants.broken,
    changes.broken,
    agreements.broken,
    coaching.broken,
    maturity.broken,
    milestones.broken,
    costs.broken,
    control.broken,
    payments.broken,
    bank.broken,
    irregularities.broken,
    recoveries.broken,
    closing.broken,
    rehearsal.broken,
    trail.broken,
)


def broken_invariants(session: Session) -> Iterator[str]:
    """One line for each broken place, room by room."""
    for check in CHECKS:
        yield from check(session)
