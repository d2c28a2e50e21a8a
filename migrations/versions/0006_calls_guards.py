"""Guards of calls: two people approve, history is only added to, a cancelled call takes nothing.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

from portal.core.db.guards import append_only, no_truncate, refuse_change_unless, refuse_insert_unless

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

APPEND_ONLY = ("call_event", "call_answer", "call_edit", "rehearsal_step")
REHEARSAL_FIXED = (
    "id", "authority_id", "twin_id", "source_id", "number", "revision", "definition", "started_by", "started_at",
)  # fmt: skip
"""A rehearsal is never deleted, and never becomes one of something else."""
DOCUMENT_FIXED = ("id", "call_id", "file_id", "kind", "title", "added_at", "added_by")
"""A document of a call is only ever taken away."""

PARTLY_FIXED = ("call_document", "rehearsal")

AUTHOR = "SELECT 1 FROM call_revision r WHERE r.call_id = NEW.id AND r.number = NEW.revision AND r.by = NEW.approved_by"
TWO_PEOPLE = f"NEW.status <> 'approved' OR NEW.approved_by IS NULL OR NOT EXISTS ({AUTHOR})"

CANCELLED = "SELECT 1 FROM call c JOIN phase p ON p.call_id = c.id WHERE c.status = 'cancelled' AND p.id = NEW.phase_id"
LIVE = f"NOT EXISTS ({CANCELLED})"

POSTINGS_BEFORE = (
    "budget_opened", "awarded", "award_reduced", "release_approved", "payment_recorded", "payment_returned",
    "reversed",
)  # fmt: skip


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


CHECKS_BEFORE: dict[str, dict[str, str]] = {
    "authority": {},
    "ledger_entry": {"posting_kind": _one_of("posting", POSTINGS_BEFORE)},
    "call": {"budget_positive": "budget_cents > 0"},
}
CHECKS = {
    "authority": {"twin_of_another": "twin_of_id <> id"},
    "ledger_entry": {
        "posting_kind": _one_of("posting", ("budget_opened", "budget_released", *POSTINGS_BEFORE[1:])),
    },
    "call": {
        "budget_positive": "budget_cents > 0 OR (budget_cents = 0 AND status IN ('draft', 'cancelled'))",
        "public_once_published": "published_at IS NULL OR status NOT IN ('draft', 'approved')",
        "planned_by_an_act": "publish_at IS NULL OR (status = 'approved' AND publish_act_number IS NOT NULL)",
    },
}
"""Changed or added on tables of earlier revisions. SQLite makes such a table anew: its triggers come back by hand."""

NAMED = (
    ("call_approved_by_two", "call"),
    ("rehearsal_closed_for_good", "rehearsal"),
    ("submission_of_a_live_call", "submission"),
    ("application_of_a_live_call", "application"),
)


def upgrade() -> None:
    """Replace the checks; then the triggers."""
    _replace(CHECKS_BEFORE, CHECKS)
    dialect = op.get_bind().dialect.name
    statements = [statement for table in APPEND_ONLY for statement in append_only(dialect, table)]
    statements += append_only(dialect, "call_document", fixed_columns=DOCUMENT_FIXED)
    statements += append_only(dialect, "rehearsal", fixed_columns=REHEARSAL_FIXED)
    statements += [statement for table in (*APPEND_ONLY, *PARTLY_FIXED) for statement in no_truncate(dialect, table)]
    statements += refuse_change_unless(dialect, "call_approved_by_two", "call", TWO_PEOPLE, "approved by its author")
    statements += refuse_change_unless(
        dialect, "rehearsal_closed_for_good", "rehearsal", "OLD.status <> 'closed'", "closed rehearsal"
    )
    for table in ("submission", "application"):
        statements += refuse_insert_unless(dialect, f"{table}_of_a_live_call", table, LIVE, "cancelled call")
    for statement in statements:
        op.execute(statement)


def downgrade() -> None:
    """Drop the triggers and their functions; put the former checks back."""
    dialect = op.get_bind().dialect.name
    for table in (*APPEND_ONLY, *PARTLY_FIXED):
        for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
            _drop(dialect, f"{table}_{suffix}", table)
    for name, table in NAMED:
        _drop(dialect, name, table)
        if dialect == "postgresql":
            op.execute(f"DROP FUNCTION {name}()")
    _replace(CHECKS, CHECKS_BEFORE)


def _drop(dialect: str, name: str, table: str) -> None:
    on = f" ON {table}" if dialect == "postgresql" else ""
    op.execute(f"DROP TRIGGER {name}{on}")


def _replace(old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]) -> None:
    for table, checks in old.items():
        triggers = _triggers_of(table)
        with op.batch_alter_table(table) as batch:
            for name in checks:
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            for name, condition in new[table].items():
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(condition))
        for statement in triggers:
            op.execute(statement)


def _triggers_of(table: str) -> list[str]:
    """The triggers that SQLite loses when it copies a table; PostgreSQL alters it in place."""
    bind = op.get_bind()
    if bind.dialect.name != "sqlite":
        return []
    query = sa.text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table ORDER BY name")
    return [str(sql) for sql in bind.scalars(query, {"table": table})]
