"""The nightly checker: every room's own invariants, one after the other."""

from collections.abc import Callable, Iterator

from sqlalchemy.orm import Session

from portal.applications import checks as applications
from portal.calls import checks as calls
from portal.coaching import checks as coaching
from portal.core.audit import verify
from portal.documents import checks as documents
from portal.evaluation import checks as evaluation
from portal.grants import checks as grants
from portal.ledger import checks as ledger
from portal.milestones import checks as milestones
from portal.payments import checks as payments
from portal.questionnaires import checks as questionnaires
from portal.register import checks as register

CHECKS: tuple[Callable[[Session], Iterator[str]], ...] = (
    calls.broken,
    applications.broken,
    register.broken,
    ledger.broken,
    documents.broken,
    questionnaires.broken,
    evaluation.broken,
    grants.broken,
    coaching.broken,
    milestones.broken,
    payments.broken,
    verify,
)


def broken_invariants(session: Session) -> Iterator[str]:
    """One line for each broken place, room by room."""
    for check in CHECKS:
        yield from check(session)
