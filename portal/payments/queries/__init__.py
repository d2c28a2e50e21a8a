"""Reading tranches, their gates, orders and the finance day."""

from portal.payments.queries.facts import AccountStanding, Standing, gates_of, standing_of
from portal.payments.queries.finance import (
    MOST_ROWS,
    Place,
    Waiting,
    changed_accounts,
    entries_of,
    latest_orders,
    order_for,
    order_of_line,
    tranches_by_term,
    waiting_by_status,
)
from portal.payments.queries.parts import grant_part
from portal.payments.queries.steps import due_steps
from portal.payments.queries.tranches import (
    TranchePage,
    tranche_for_update,
    tranche_page,
    tranches_for_update,
    tranches_of,
)

__all__ = [
    "MOST_ROWS",
    "AccountStanding",
    "Place",
    "Standing",
    "TranchePage",
    "Waiting",
    "changed_accounts",
    "due_steps",
    "entries_of",
    "gates_of",
    "grant_part",
    "latest_orders",
    "order_for",
    "order_of_line",
    "standing_of",
    "tranche_for_update",
    "tranche_page",
    "tranches_by_term",
    "tranches_for_update",
    "tranches_of",
    "waiting_by_status",
]
