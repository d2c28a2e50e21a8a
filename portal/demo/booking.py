"""The first months of Bari's books are closed."""

from portal.calls.models import Call
from portal.demo.stage import Stage
from portal.ledger.periods.operations import close_month
from portal.ledger.periods.queries import closed_until, next_month

CLOSED = 6


def close_first_months(stage: Stage, call: Call) -> None:
    """Who approves payments closes what is over, month after month."""
    for _number in range(CLOSED):
        until = closed_until(stage.session, call.authority_id)
        due = next_month(stage.session, call.authority_id, until, stage.now)
        if due is None or not due.is_over:
            return
        close_month(
            stage.session, authority_id=call.authority_id, month=due.month, actor=stage.actor("finance-approver"),
            now=stage.now,
        )  # fmt: skip
