"""Guards of closing a grant: what is only added to, and words that columns of older tables gained.

Revision ID: 0016
Revises: 0015
"""

from alembic import op

from portal.core.db.guard_tables import Guards, put_in_force, take_away

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

RECOVERY = (
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
)
FINAL_ACCOUNT = (
    "id",
    "authority_id",
    "grant_id",
    "number",
    "basis",
    "granted_cents",
    "eligible_cents",
    "project_cents",
    "entitled_cents",
    "paid_cents",
    "returned_cents",
    "withheld_cents",
    "to_pay_cents",
    "to_return_cents",
    "freed_cents",
    "note",
    "prepared_by",
    "prepared_at",
)
IRREGULARITY = (
    "id",
    "authority_id",
    "grant_id",
    "kind",
    "found_on",
    "cents",
    "description",
    "opened_by",
    "opened_at",
)
TWO_PEOPLE = "closed_by IS NULL OR closed_by <> opened_by AND (held_by IS NULL OR closed_by <> held_by)"
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
PATH = " OR ".join(
    (
        *(f"(OLD.status = '{start}' AND NEW.status = '{end}')" for start, end in TRANCHE_PATH),
        "(OLD.status NOT IN ('ordered', 'paid') AND NEW.status = 'cancelled')",
    )
)
TAKEN_BACK = "OLD.status = 'approved' AND NEW.status = 'proposed'"
SAME_MAKER = "OLD.proposed_by = NEW.proposed_by"
SAME_PEOPLE = f"{SAME_MAKER} AND OLD.approved_by = NEW.approved_by"
AMOUNTS = (
    "NOT (OLD.status IN ('approved', 'ordered', 'paid', 'failed'))"
    " OR (OLD.amount_cents = NEW.amount_cents AND OLD.grant_id = NEW.grant_id"
)
RELEASED = "OLD.status NOT IN ('approved', 'ordered', 'paid', 'failed') OR (OLD.withheld_cents = NEW.withheld_cents"
CONTROL_PROPOSAL = (
    "id",
    "report_id",
    "version",
    "number",
    "accepted_cents",
    "found_sha256",
    "note",
    "proposed_by",
    "proposed_at",
)
OF_A_DRAFT = "(SELECT status FROM cost_report WHERE id = OLD.report_id) = 'draft'"
LINE_BEFORE = " AND ".join(
    (
        *(
            f"OLD.{name} = NEW.{name}"
            for name in (
                "report_id",
                "number",
                "category",
                "form",
                "charged_cents",
                "share_bp",
                "supplier_code",
                "document_number",
                "vat_recoverable",
            )
        ),
        *(
            f"COALESCE(OLD.{name}, 0) = COALESCE(NEW.{name}, 0)"
            for name in ("net_cents", "vat_cents", "quantity_hundredths")
        ),
        "COALESCE(OLD.fingerprint, '') = COALESCE(NEW.fingerprint, '')",
    )
)
LINE_AS_SENT = " AND ".join(
    (
        LINE_BEFORE,
        *(
            f"COALESCE(CAST(OLD.{name} AS TEXT), '') = COALESCE(CAST(NEW.{name} AS TEXT), '')"
            for name in (
                "description",
                "supplier_name",
                "document",
                "document_on",
                "gross_cents",
                "cup",
                "paid_on",
                "payment_means",
                "payment_reference",
                "milestone_id",
                "source",
            )
        ),
    )
)
"""What a line said when it was sent: its day, CUP and payment too."""

TROUBLES = ("unknown", "amount", "day", "own", "contradicts", "unclear", "books")
SENT_BY_ANOTHER = (
    "NOT EXISTS (SELECT 1 FROM tranche JOIN payment_order ON payment_order.id = NEW.order_id"
    " WHERE tranche.id = NEW.tranche_id"
    " AND payment_order.created_by = COALESCE(tranche.failed_by, tranche.approved_by))"
)
"""Who approved a payment, or said that it failed, does not send it."""

GUARDS = Guards(
    stays={
        "final_account": FINAL_ACCOUNT,
        "final_account_letter": None,
        "control_widening": None,
        "irregularity_step": None,
    },
    refixed=(
        ("control_proposal", CONTROL_PROPOSAL, (*CONTROL_PROPOSAL, "projected_cents", "projection")),
        ("recovery", RECOVERY, (*RECOVERY, "final_account_id")),
        ("irregularity", IRREGULARITY, (*IRREGULARITY, "eu_cents", "file_id", "report_by")),
    ),
    gained=(
        ("recovery", "recovery_source", "source", ("end_act", "irregularity"), ("final_account",)),
        ("bank_message", "trouble", "trouble", TROUBLES, ("account",)),
    ),
    changed=(),
    checks=(
        ("recovery", "follows_from_its_account", "(source = 'final_account') = (final_account_id IS NOT NULL)"),
        ("cost_import", "percent_of_the_whole", "percent BETWEEN 0 AND 100"),
        ("irregularity", "the_union_pays_a_part", "eu_cents >= 0 AND eu_cents <= cents"),
        ("irregularity", "reported_with_a_reference", "(reported_on IS NULL) = (report_reference IS NULL)"),
        ("irregularity", "two_people", TWO_PEOPLE),
    ),
    once=(
        ("final_account_approved_once", "final_account", "OLD.status = 'prepared'", "final account that was closed"),
    ),
    replaced=(
        (
            "cost_line_as_sent",
            "cost_line",
            f"{OF_A_DRAFT} OR ({LINE_BEFORE})",
            f"{OF_A_DRAFT} OR ({LINE_AS_SENT})",
            "cost lines of a report that was sent",
        ),
        (
            "tranche_path",
            "tranche",
            f"OLD.status = NEW.status OR {PATH}",
            f"OLD.status = NEW.status OR {PATH} OR ({TAKEN_BACK})",
            "tranche off its path",
        ),
        (
            "tranche_frozen",
            "tranche",
            f"{AMOUNTS} AND ({SAME_PEOPLE} OR NEW.status = 'cancelled'))",
            f"{AMOUNTS} AND ({SAME_PEOPLE} OR NEW.status = 'cancelled' OR ({TAKEN_BACK} AND {SAME_MAKER})))",
            "released tranche",
        ),
        (
            "tranche_withholding",
            "tranche",
            f"{RELEASED} AND OLD.unclaimed_cents = NEW.unclaimed_cents)",
            f"{RELEASED} AND (OLD.unclaimed_cents = NEW.unclaimed_cents OR NEW.unclaimed_cents = 0))",
            "released tranche",
        ),
    ),
    only=(("payment_line_by_another", "payment_line", SENT_BY_ANOTHER, "payment_line_by_another"),),
)


def upgrade() -> None:
    """Put the guards in force."""
    put_in_force(op, GUARDS)
    _tell_what_sheets_give()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE ranking_row ALTER COLUMN detail TYPE json USING detail::json")


def downgrade() -> None:
    """Take the guards away."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE ranking_row ALTER COLUMN detail TYPE jsonb USING detail::jsonb")
    take_away(op, GUARDS)


GIVEN = {
    "sqlite": """UPDATE score_sheet SET given = (
        SELECT json_group_object(key, coalesce(json_extract(value, '$.mark'), json_extract(value, '$.points')))
        FROM json_each(score_sheet.scores))""",
    "postgresql": """UPDATE score_sheet SET given = (
        SELECT json_object_agg(key, coalesce(value -> 'mark', value -> 'points')) FROM jsonb_each(score_sheet.scores))
        WHERE scores <> '{}'""",
}
"""What each sheet gives under each criterion, out of its scores with their reasons."""


def _tell_what_sheets_give() -> None:
    """The sheets of before, which nothing else may change."""
    dialect = op.get_bind().dialect.name
    if dialect == "postgresql":
        op.execute("ALTER TABLE score_sheet DISABLE TRIGGER USER")
        op.execute(GIVEN[dialect])
        op.execute("ALTER TABLE score_sheet ENABLE TRIGGER USER")
        return
    kept = op.get_bind().exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'score_sheet_no_update'"
    )
    trigger = str(kept.scalar_one())
    op.execute("DROP TRIGGER score_sheet_no_update")
    op.execute(GIVEN[dialect])
    op.get_bind().exec_driver_sql(trigger)
