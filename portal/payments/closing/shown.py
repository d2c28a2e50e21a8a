"""What the page of the final account shows: those written, what is open, and the effect before the act."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from portal.access.policy import Action, allowed, authorise
from portal.core.actor import Actor
from portal.grants.models import Grant
from portal.payments.closing.figures import Figures, figures_of
from portal.payments.closing.labels import OpenMatter, matter_words
from portal.payments.closing.matters import UNSENT, counted, open_matters
from portal.payments.closing.models import FinalAccount
from portal.payments.closing.queries import accounts_of
from portal.payments.closing.rules import SETTLING
from portal.payments.recoveries.queries import recovery_of_account


@dataclass(frozen=True, slots=True)
class ClosingPage:
    """Everything the page shows; `figures` only to whoever prepares, while no account stands."""

    grant: Grant
    accounts: Sequence[FinalAccount]
    figures: Figures | None
    matters: Sequence[OpenMatter]
    has_unsent: bool
    may_approve: bool
    awaits_recovery: bool

    @property
    def approved(self) -> FinalAccount | None:
        """The one by which the grant is being closed, or was."""
        return next((each for each in self.accounts if each.is_approved), None)


def closing_page(session: Session, grant: Grant, actor: Actor) -> ClosingPage:
    """The accounts of a grant; the team reads those that were approved."""
    authorise(actor, Action.CLOSING_READ, grant)
    office = allowed(actor, Action.CLOSING_PREPARE, grant) or allowed(actor, Action.LEDGER_READ, grant)
    accounts = [each for each in accounts_of(session, grant.id) if office or each.is_approved]
    live = next((each for each in accounts if each.is_prepared or each.is_approved), None)
    figures = figures_of(session, grant) if office and live is None and grant.status not in SETTLING else None
    counts = counted(session, grant.id) if figures else {}
    matters = open_matters(grant, counts, figures) if figures else []
    return ClosingPage(
        grant, accounts, figures, [matter_words(each, grant.id) for each in matters], UNSENT in counts,
        may_approve=live is not None and live.prepared_by != actor.person_id,
        awaits_recovery=_awaits_recovery(session, live),
    )  # fmt: skip


def _awaits_recovery(session: Session, account: FinalAccount | None) -> bool:
    asks = account is not None and account.is_approved and account.to_return_cents > 0
    return account is not None and asks and not recovery_of_account(session, account.id)
