"""Guards: append-only tables, kept balances, late submissions refused, sessions of a coach apart.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

from portal.core.db.guards import (
    POSTGRESQL_REFUSE,
    after_insert,
    append_only,
    refuse_change_unless,
    refuse_insert_unless,
)

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

APPEND_ONLY = (
    "protocol_entry",
    "ledger_entry",
    "form_revision",
    "answer_version",
    "call_revision",
    "phase_deadline",
    "submission",
    "submission_receipt",
    "submission_attempt",
    "admissibility_decision",
    "conflict_declaration",
    "score_sheet",
    "ranking_row",
    "payment_order",
    "report_evidence",
)
AUDIT_FIXED = (
    "id", "subject_type", "subject_id", "sequence", "at", "actor_id", "actor_roles", "event", "salt", "values_hash",
    "previous_hash", "hash", "request_id",
)  # fmt: skip
"""Everything but the values that are erased with their person."""
BALANCES = (
    "UPDATE ledger_account SET balance_cents = balance_cents + NEW.amount_cents WHERE id = NEW.debit_id",
    "UPDATE ledger_account SET balance_cents = balance_cents - NEW.amount_cents WHERE id = NEW.credit_id",
)
LAST = "FROM phase_deadline d WHERE d.phase_id = NEW.phase_id ORDER BY d.sequence DESC LIMIT 1)"
IN_TIME = f"NEW.received_at <= (SELECT d.last_instant {LAST} AND NEW.accepted_at <= (SELECT d.accepted_until {LAST}"
APART = (
    "NOT EXISTS (SELECT 1 FROM coaching_session s WHERE s.coach_id = NEW.coach_id "
    "AND s.status NOT IN ('cancelled', 'missed') AND s.starts_at < NEW.ends_at AND s.ends_at > NEW.starts_at)"
)

FROZEN = (
    ("coaching_session_frozen", "coaching_session", "UPDATE", "OLD.status <> 'confirmed'", "confirmed session"),
    ("coaching_session_kept", "coaching_session", "DELETE", "OLD.status <> 'confirmed'", "confirmed session"),
    ("agreement_frozen", "agreement", "UPDATE", "OLD.countersigned_at IS NULL", "agreement in force"),
    ("milestone_report_frozen", "milestone_report", "UPDATE", "OLD.decided_at IS NULL", "decided report"),
)

TRANCHE_PATH = (
    ("planned", "requested"),
    ("requested", "planned"),
    ("verified", "planned"),
    ("proposed", "planned"),
    ("requested", "verified"),
    ("verified", "proposed"),
    ("proposed", "approved"),
    ("approved", "ordered"),
    ("failed", "ordered"),
    ("ordered", "paid"),
    ("ordered", "failed"),
    ("paid", "failed"),
)
ON_THE_PATH = " OR ".join(f"(OLD.status = '{start}' AND NEW.status = '{end}')" for start, end in TRANCHE_PATH)


def _same(*columns: str) -> str:
    return " AND ".join(f"OLD.{column} = NEW.{column}" for column in columns)


RELEASED = "OLD.status IN ('approved', 'ordered', 'paid', 'failed')"
LINE = _same("order_id", "tranche_id", "end_to_end_id", "amount_cents", "iban", "holder")
FROZEN += (
    ("tranche_path", "tranche", "UPDATE", f"OLD.status = NEW.status OR {ON_THE_PATH}", "tranche off its path"),
    (
        "tranche_frozen",
        "tranche",
        "UPDATE",
        f"NOT ({RELEASED}) OR ({_same('amount_cents', 'grant_id', 'proposed_by', 'approved_by')})",
        "released tranche",
    ),
    ("tranche_kept", "tranche", "DELETE", "OLD.status = 'planned'", "requested tranche"),
    ("payment_line_frozen", "payment_line", "UPDATE", f"({LINE}) AND OLD.failed_at IS NULL", "payment line"),
    ("payment_line_kept", "payment_line", "DELETE", "1 = 0", "payment line"),
    ("ledger_account_fixed", "ledger_account", "UPDATE", _same("kind", "owner_id", "authority_id"), "ledger account"),
    ("ledger_account_kept", "ledger_account", "DELETE", "1 = 0", "ledger account"),
)


def upgrade() -> None:
    """Create the triggers of this dialect."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute(POSTGRESQL_REFUSE)
    statements = append_only(dialect, "audit_event", fixed_columns=AUDIT_FIXED)
    for table in APPEND_ONLY:
        statements += append_only(dialect, table)
    statements += after_insert(dialect, "ledger_keeps_balances", "ledger_entry", BALANCES)
    statements += refuse_insert_unless(dialect, "submission_in_time", "submission", IN_TIME, "late submission")
    statements += refuse_insert_unless(
        dialect, "coaching_sessions_apart", "coaching_session", APART, "overlapping session"
    )
    for name, table, on, condition, message in FROZEN:
        statements += refuse_change_unless(dialect, name, table, condition, message, on=on)
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    """Drop the triggers, then their functions."""
    dialect = op.get_bind().dialect.name
    named = (
        ("ledger_keeps_balances", "ledger_entry"),
        ("submission_in_time", "submission"),
        ("coaching_sessions_apart", "coaching_session"),
        *((name, table) for name, table, *_ in FROZEN),
    )
    for table in ("audit_event", *APPEND_ONLY):
        for suffix in ("no_update", "no_delete"):
            _drop(dialect, f"{table}_{suffix}", table)
    for name, table in named:
        _drop(dialect, name, table)
        if dialect == "postgresql":
            op.execute(f"DROP FUNCTION {name}()")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")


def _drop(dialect: str, name: str, table: str) -> None:
    on = f" ON {table}" if dialect == "postgresql" else ""
    op.execute(f"DROP TRIGGER {name}{on}")
