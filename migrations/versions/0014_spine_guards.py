"""Guards of the money spine: what is only added to, and words that columns of older tables gained.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from portal.core.db.guards import (
    append_only,
    no_truncate,
    refuse_change_unless,
    refuse_insert_unless,
    triggers_set_aside,
)

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

STAYS: dict[str, tuple[str, ...] | None] = {
    "cost_report_version": None,
    "bank_file": None,
    "bank_message": (
        "id",
        "authority_id",
        "file_id",
        "position",
        "said",
        "code",
        "reference",
        "reason_code",
        "info",
        "amount_cents",
        "is_euro",
        "day",
        "fingerprint",
        "outcome",
        "trouble",
    ),
    "milestone_forecast": None,
    "indicator_reached": None,
    "control_sample": None,
    "line_outcome": None,
    "control_answer": None,
    "control_letter": None,
    "control_proposal": (
        "id",
        "report_id",
        "version",
        "number",
        "accepted_cents",
        "found_sha256",
        "note",
        "proposed_by",
        "proposed_at",
    ),
    "cost_clarification": (
        "id",
        "report_id",
        "version",
        "number",
        "protocol_entry_id",
        "due_at",
        "asked_by",
        "asked_at",
    ),
    "cost_clarification_item": ("id", "request_id", "line_number", "what"),
    "accounting_period": None,
    "period_balance": None,
    "guarantee": (
        "id",
        "authority_id",
        "grant_id",
        "kind",
        "issuer",
        "number",
        "amount_cents",
        "valid_until",
        "renews",
        "first_demand",
        "waives_excussion",
        "waives_term",
        "file_id",
        "recorded_by",
        "recorded_at",
    ),
    "irregularity": (
        "id",
        "authority_id",
        "grant_id",
        "kind",
        "found_on",
        "cents",
        "description",
        "opened_by",
        "opened_at",
    ),
    "recovery": (
        "id",
        "authority_id",
        "grant_id",
        "number",
        "source",
        "end_act_id",
        "irregularity_id",
        "principal_cents",
        "interest_cents",
        "rates",
        "act_number",
        "act_date",
        "reason",
        "decided_on",
        "decided_by",
        "decided_at",
    ),
    "recovery_part": None,
    "recovery_instalment": None,
    "recovery_receipt": (
        "id",
        "authority_id",
        "recovery_id",
        "reference",
        "received_on",
        "cents",
        "restored_cents",
        "payer",
        "guarantee_id",
        "recorded_by",
        "recorded_at",
    ),
    "tax_debt_check": None,
    "release_limit": None,
    "release_batch": None,
    "release_batch_line": None,
}
"""Tables whose rows stay, each with the columns that never change (None: no column ever does)."""

GAINED: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "ledger_account",
        "account_kind",
        "kind",
        ("fund", "budget", "award", "payable", "paid"),
        ("withheld", "recoverable", "returned", "interest"),
    ),
    (
        "ledger_entry",
        "posting_kind",
        "posting",
        (
            "budget_opened",
            "budget_released",
            "awarded",
            "award_reduced",
            "release_approved",
            "payment_recorded",
            "payment_returned",
            "reversed",
        ),
        ("tax_withheld", "recovery_decided", "interest_charged", "money_returned", "guarantee_paid", "budget_restored"),
    ),
)
"""Words that a column of an older table gained: table, name of its check, column, the words before, the new ones."""

CHANGED: tuple[tuple[str, str, str, str], ...] = (
    (
        "ledger_account",
        "balance_not_negative",
        "kind = 'fund' OR balance_cents >= 0",
        "kind IN ('fund', 'interest') OR balance_cents >= 0",
    ),
    ("authority", "payment_exporter_known", "payment_exporter IN ('sepa')", "payment_exporter IN ('sepa', 'list')"),
)
"""Conditions of older tables that say something else from then on: table, name, before, after."""

CHECKS: tuple[tuple[str, str, str], ...] = (
    ("library_text", "retired_by_somebody", "(retired_at IS NULL) = (retired_by IS NULL)"),
    (
        "payment_order",
        "files_of_its_exporter",
        "(exporter = 'sepa') = (xml_file_id IS NOT NULL) AND (exporter = 'list') = (xlsx_file_id IS NOT NULL)",
    ),
    ("tranche", "something_is_paid", "withheld_cents >= 0 AND withheld_cents < amount_cents"),
)
"""What older tables hold true of columns they gained: table, name, condition."""

DRAFT = "(SELECT status FROM cost_report WHERE id = {row}.report_id) = 'draft'"
"""A line of costs changes only while its report is written."""
LINE_STAYS = " AND ".join(
    (
        *(f"OLD.{name} = NEW.{name}" for name in ("report_id", "number", "category", "form", "charged_cents",
                                                  "share_bp", "supplier_code", "document_number", "vat_recoverable")),
        *(f"COALESCE(OLD.{name}, 0) = COALESCE(NEW.{name}, 0)" for name in ("net_cents", "vat_cents",
                                                                            "quantity_hundredths")),
        "COALESCE(OLD.fingerprint, '') = COALESCE(NEW.fingerprint, '')",
    )
)  # fmt: skip
"""Afterwards only its claim, its place among the parts of its document, and what was accepted of it."""

ONCE: tuple[tuple[str, str, str, str], ...] = (
    (
        "tranche_withholding",
        "tranche",
        (
            "OLD.status NOT IN ('approved', 'ordered', 'paid', 'failed') OR"
            " (OLD.withheld_cents = NEW.withheld_cents AND OLD.unclaimed_cents = NEW.unclaimed_cents)"
        ),
        "released tranche",
    ),
    (
        "cost_line_as_sent",
        "cost_line",
        f"{DRAFT.format(row='OLD')} OR ({LINE_STAYS})",
        "cost lines of a report that was sent",
    ),
    ("bank_message_answered_once", "bank_message", "OLD.answered_at IS NULL", "answered message"),
)
"""Changes that are refused from then on: name, table, condition, message."""

OF_AN_OPEN_MONTH = (
    "NOT EXISTS (SELECT 1 FROM accounting_period JOIN ledger_account"
    " ON ledger_account.authority_id = accounting_period.authority_id"
    " WHERE ledger_account.id = NEW.debit_id AND accounting_period.ends_at > NEW.at)"
)
OF_ONE_AUTHORITY = (
    "(SELECT authority_id FROM ledger_account WHERE id = NEW.debit_id)"
    " = (SELECT authority_id FROM ledger_account WHERE id = NEW.credit_id)"
)
A_MIRROR = (
    "NEW.reverses_id IS NULL OR EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = NEW.reverses_id"
    " AND e.debit_id = NEW.credit_id AND e.credit_id = NEW.debit_id AND e.amount_cents = NEW.amount_cents)"
)
THE_NEXT_MONTH = (
    "NOT EXISTS (SELECT 1 FROM accounting_period p"
    " WHERE p.authority_id = NEW.authority_id AND p.ends_at >= NEW.ends_at)"
)

ONLY: tuple[tuple[str, str, str, str], ...] = (
    ("ledger_entry_month_open", "ledger_entry", OF_AN_OPEN_MONTH, "ledger_entry_month_open"),
    ("ledger_entry_one_authority", "ledger_entry", OF_ONE_AUTHORITY, "ledger_entry_one_authority"),
    ("ledger_entry_mirror", "ledger_entry", A_MIRROR, "ledger_entry_mirror"),
    ("accounting_period_next", "accounting_period", THE_NEXT_MONTH, "accounting_period_next"),
    ("cost_line_of_a_draft", "cost_line", DRAFT.format(row="NEW"), "cost lines of a report that was sent"),
)
"""Rows that are refused unless something holds: name, table, condition, message."""

GONE: tuple[tuple[str, str, str, str], ...] = (
    ("cost_line_stays", "cost_line", DRAFT.format(row="OLD"), "cost lines of a report that was sent"),
)
"""Rows that go only if something holds: name, table, condition, message."""


def upgrade() -> None:
    """Put the guards in force."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        _scores_as_written()
    for table, check, column, before, new in GAINED:
        _one_of(table, check, column, (*before, *new))
    for table, name, _before, after in CHANGED:
        _says(table, name, after)
    for table, fixed in STAYS.items():
        statements = append_only(dialect, table, fixed_columns=fixed) if fixed else append_only(dialect, table)
        for statement in (*statements, *no_truncate(dialect, table)):
            op.execute(statement)
    for table, name, condition in CHECKS:
        with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(condition))
    _refuse(dialect)


def downgrade() -> None:
    """Take the guards away."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        _scores_looked_into()
        for _name, table, _condition, _message in GONE:
            op.execute(f"DROP TRIGGER {table}_no_truncate ON {table}")
    for name, table, _condition, _message in (*GONE, *ONLY, *ONCE):
        _drop(dialect, name, table)
    for table, name, _condition in CHECKS:
        with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    _rows_may_go(dialect)
    for table, name, before_, _after in CHANGED:
        _says(table, name, before_)
    for table, check, column, before, _new in GAINED:
        _one_of(table, check, column, before)


def _rows_may_go(dialect: str) -> None:
    """Take away what keeps rows as they are."""
    for table in STAYS:
        on = f" ON {table}" if dialect == "postgresql" else ""
        for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
            op.execute(f"DROP TRIGGER {table}_{suffix}{on}")


def _scores_as_written() -> None:
    """The scores of a ranking are megabytes that nobody looks into: kept as written, packed the quick way if there is.

    The change of type writes rows that stand anew; it comes first, as it forgets how a column is packed.
    """
    bind = op.get_bind()
    op.execute("ALTER TABLE ranking ALTER COLUMN input_document TYPE json USING input_document::json")
    quick = "SELECT 'lz4' = ANY (enumvals) FROM pg_settings WHERE name = 'default_toast_compression'"
    if bind.execute(sa.text(quick)).scalar():
        op.execute("ALTER TABLE ranking ALTER COLUMN input_document SET COMPRESSION lz4")


def _scores_looked_into() -> None:
    op.execute("ALTER TABLE ranking ALTER COLUMN input_document TYPE jsonb USING input_document::jsonb")
    op.execute("ALTER TABLE ranking ALTER COLUMN input_document SET COMPRESSION default")


def _refuse(dialect: str) -> None:
    """Put the triggers of ONCE, ONLY and GONE in force."""
    found: list[str] = []
    for name, table, condition, message in ONCE:
        found += refuse_change_unless(dialect, name, table, condition, message)
    for name, table, condition, message in ONLY:
        found += refuse_insert_unless(dialect, name, table, condition, message)
    for name, table, condition, message in GONE:
        found += refuse_change_unless(dialect, name, table, condition, message, on="DELETE")
        found += no_truncate(dialect, table)
    for statement in found:
        op.execute(statement)


def _one_of(table: str, check: str, column: str, values: tuple[str, ...]) -> None:
    """Change the words that a column may hold."""
    _says(table, check, f"{column} IN ({', '.join(repr(value) for value in values)})")


def _says(table: str, check: str, condition: str) -> None:
    name = op.f(f"ck_{table}_{check}")
    with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(condition))


def _drop(dialect: str, name: str, table: str) -> None:
    op.execute(f"DROP TRIGGER {name}{f' ON {table}' if dialect == 'postgresql' else ''}")
    if dialect == "postgresql":
        op.execute(f"DROP FUNCTION {name}()")
