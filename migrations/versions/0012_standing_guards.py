"""Guards of grants, coaching and their follow-up: what is only added to, and words that columns of older tables gained.

Revision ID: 0012
Revises: 0011
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

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

STAYS: dict[str, tuple[str, ...] | None] = {
    "library_version": None,
    "agreement_article": None,
    "agreement_signature": None,
    "activity_finding": None,
    "aid_entry": (
        "id",
        "organisation_id",
        "grant_id",
        "regime",
        "granted_on",
        "cents",
        "granted_by",
        "received_by",
        "recorded_by",
        "recorded_at",
    ),
    "check_finding": None,
    "grant_publication": None,
    "incorporation_tick": None,
    "sample_draw": None,
    "undertaking_link": ("id", "first_id", "second_id", "since", "note", "recorded_by", "recorded_at"),
    "grant_amendment": ("id", "authority_id", "grant_id", "number", "kind", "side", "asked_by", "asked_at", "is_free"),
    "grant_amendment_file": None,
    "grant_end": None,
    "grant_plan": None,
    "grant_proceeding": (
        "id",
        "authority_id",
        "grant_id",
        "kind",
        "ground",
        "reason",
        "cents",
        "opened_by",
        "opened_at",
        "reply_by",
    ),
    "grant_suspension": ("id", "grant_id", "since", "reason", "suspended_by"),
    "coach_conflict": ("id", "authority_id", "person_id", "organisation_id", "declared_at"),
    "coach_statement": None,
    "coaching_note": ("id", "authority_id", "engagement_id", "author_id", "readers", "written_at"),
    "conflict_lifting": None,
    "early_warning": ("id", "authority_id", "grant_id", "kind", "mark"),
    "follow_up_answer": None,
    "follow_up_income": None,
    "follow_up_link": ("id", "follow_up_id", "token_hash", "sent_at", "sent_by", "expires_at"),
    "maturity_rating": ("id", "assessment_id", "side"),
    "file_release": None,
    "proposed_time": None,
    "statement_line": ("id", "statement_id", "occasion_id", "session_id", "starts_at", "minutes"),
}
"""Tables whose rows stay, each with the columns that never change (None: no column ever does)."""

GAINED: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "call_event",
        "call_event_kind",
        "kind",
        (
            "approved",
            "returned",
            "planned",
            "published",
            "extended",
            "reopened",
            "rectified",
            "answered",
            "cancelled",
            "concluded",
        ),
        ("budget_added",),
    ),
    (
        "grant_award",
        "grant_status",
        "status",
        ("proposed", "verifying", "incorporating", "ready", "active", "closing", "closed", "renounced"),
        ("suspended", "forfeited", "revoked", "recovering"),
    ),
    (
        "tranche",
        "tranche_status",
        "status",
        ("planned", "requested", "verified", "proposed", "approved", "ordered", "paid", "failed"),
        ("cancelled",),
    ),
)
"""Words that a column of an older table gained: table, name of its check, column, the words before, the new ones."""

CHECKS: tuple[tuple[str, str, str], ...] = (
    ("grant_award", "accepted_by_somebody", "(accepted_at IS NULL) = (accepted_by IS NULL)"),
    ("grant_award", "checked_by_somebody", "(checked_at IS NULL) = (checked_by IS NULL)"),
    ("incorporation", "people_counted", "people_joined >= 0 AND people_left >= 0"),
    ("grant_award", "reduced_within_the_award", "reduced_cents BETWEEN 0 AND awarded_cents"),
    ("coaching_session", "withdrawn_with_a_reason", "status <> 'cancelled' OR withdrawn_reason IS NOT NULL"),
    ("engagement", "starts_before_it_ends", "ends_on IS NULL OR starts_on IS NULL OR starts_on <= ends_on"),
    ("engagement", "ended_with_a_reason", "until IS NULL OR end_reason IS NOT NULL"),
    ("minutes_signature", "refused_with_a_reason", "(refused_at IS NULL) = (refused_reason IS NULL)"),
    ("minutes_signature", "signed_or_refused", "refused_at IS NULL OR signed_at IS NULL"),
)
"""What older tables hold true of columns they gained: table, name, condition."""

SAME_SESSION = (
    "OLD.starts_at = NEW.starts_at AND OLD.ends_at = NEW.ends_at AND OLD.coach_id = NEW.coach_id "
    "AND OLD.engagement_id = NEW.engagement_id AND COALESCE(OLD.joint_id = NEW.joint_id, "
    "OLD.joint_id IS NULL AND NEW.joint_id IS NULL) AND (OLD.status NOT IN ('cancelled', 'missed') "
    "OR OLD.status = NEW.status)"
)
AT_THE_SAME_TIME = (
    "SELECT 1 FROM coaching_session s WHERE s.coach_id = NEW.coach_id "
    "AND s.status NOT IN ('cancelled', 'missed') AND s.starts_at < NEW.ends_at AND s.ends_at > NEW.starts_at"
)
TOGETHER = "s.joint_id = NEW.joint_id AND s.starts_at = NEW.starts_at AND s.ends_at = NEW.ends_at"
APART = {False: f"NOT EXISTS ({AT_THE_SAME_TIME})",
         True: f"NOT EXISTS ({AT_THE_SAME_TIME} AND NOT COALESCE({TOGETHER}, FALSE))"}  # fmt: skip
"""A coach is in one place at a time; from then on several teams may be there together."""

CONFIRMED = (
    "EXISTS (SELECT 1 FROM coaching_session s WHERE s.id = NEW.session_id AND s.status = 'confirmed' "
    "AND s.minutes = NEW.minutes AND COALESCE(s.joint_id, s.id) = NEW.occasion_id)"
)

BY_AN_OPEN_LINK = (
    "EXISTS (SELECT 1 FROM follow_up_link l WHERE l.id = NEW.link_id AND l.follow_up_id = NEW.follow_up_id "
    "AND l.void_at IS NULL AND NEW.answered_at < l.expires_at)"
)

ONCE: tuple[tuple[str, str, str, str], ...] = (
    ("aid_entry_code_once", "aid_entry", "OLD.cor IS NULL", "code recorded"),
    ("undertaking_link_ends_once", "undertaking_link", "OLD.until IS NULL", "link ended"),
    ("coaching_session_stays", "coaching_session", SAME_SESSION, "session logged"),
    ("maturity_rating_frozen", "maturity_rating", "OLD.final_at IS NULL", "final rating"),
    ("minutes_signature_refused_once", "minutes_signature", "OLD.refused_at IS NULL", "refused once"),
)
"""Changes that are refused from then on: name, table, condition, message."""


LATER = {"requested": "('planned')", "verified": "('planned', 'requested')",
         "proposed": "('planned', 'requested', 'verified')"}  # fmt: skip
"""Tranches in these states have not come so far; from then on a cancelled one need not have either."""
CAME_SO_FAR = {"requested": "requested_at IS NOT NULL AND due_on IS NOT NULL", "verified": "verified_at IS NOT NULL",
               "proposed": "proposed_at IS NOT NULL"}  # fmt: skip
TRANCHE_PATH = (
    ("planned", "requested"), ("requested", "planned"), ("verified", "planned"), ("proposed", "planned"),
    ("requested", "verified"), ("verified", "proposed"), ("proposed", "approved"), ("approved", "ordered"),
    ("failed", "ordered"), ("ordered", "paid"), ("ordered", "failed"), ("paid", "failed"),
)  # fmt: skip
ON_THE_PATH = " OR ".join(f"(OLD.status = '{start}' AND NEW.status = '{end}')" for start, end in TRANCHE_PATH)
MAY_BE_CANCELLED = "OLD.status NOT IN ('ordered', 'paid')"
RELEASED = "OLD.status IN ('approved', 'ordered', 'paid', 'failed')"
SAME_PEOPLE = "OLD.proposed_by = NEW.proposed_by AND OLD.approved_by = NEW.approved_by"
THEN = (("grant_award", "'suspended'", "active"), ("grant_award", "'forfeited', 'revoked', 'recovering'", "renounced"),
        ("tranche", "'cancelled'", "planned"))  # fmt: skip
"""What grants and tranches were called before: table, the new words, the old one."""
NEXT_VERSION = (
    "NEW.number = 1 + (SELECT COALESCE(MAX(p.number), 0) FROM grant_plan p WHERE p.grant_id = NEW.grant_id) "
    "AND NOT EXISTS (SELECT 1 FROM grant_plan p WHERE p.grant_id = NEW.grant_id "
    "AND p.in_force_from > NEW.in_force_from)"
)
ONLY: tuple[tuple[str, str, str, str], ...] = (
    ("grant_plan_next", "grant_plan", NEXT_VERSION, "not the next version"),
    ("follow_up_by_open_link", "follow_up_answer", BY_AN_OPEN_LINK, "link is over"),
    ("statement_of_confirmed", "statement_line", CONFIRMED, "session not confirmed"),
)
"""Rows that are refused unless something holds: name, table, condition, message."""


def upgrade() -> None:
    """Put the guards in force."""
    for table, check, column, before, new in GAINED:
        _one_of(table, check, column, (*before, *new))
    dialect = op.get_bind().dialect.name
    _drop(dialect, "tranche_path", "tranche")
    _drop(dialect, "tranche_frozen", "tranche")
    _tranches_of_ended_grants(cancelled=True)
    _tranche_guards(dialect, cancelled=True)
    for table, fixed in STAYS.items():
        _rows_stay(dialect, table, fixed)
    for table, name, condition in CHECKS:
        with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
            batch.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(condition))
    for name, table, condition, message in ONCE:
        for statement in refuse_change_unless(dialect, name, table, condition, message):
            op.execute(statement)
    _sessions_apart(dialect, together=True)
    for name, table, condition, message in ONLY:
        for statement in refuse_insert_unless(dialect, name, table, condition, message):
            op.execute(statement)


def downgrade() -> None:
    """Take the guards away."""
    dialect = op.get_bind().dialect.name
    _sessions_apart(dialect, together=False)
    for name, table, _condition, _message in (*ONLY, *ONCE):
        _drop(dialect, name, table)
    for table, name, _condition in CHECKS:
        with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
            batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
    for table in STAYS:
        on = f" ON {table}" if dialect == "postgresql" else ""
        for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
            op.execute(f"DROP TRIGGER {table}_{suffix}{on}")
    _drop(dialect, "tranche_path", "tranche")
    _drop(dialect, "tranche_frozen", "tranche")
    _tranches_of_ended_grants(cancelled=False)
    _tranche_guards(dialect, cancelled=False)
    _money_was_a_rectification(dialect)
    for table, check, column, before, _new in GAINED:
        _one_of(table, check, column, before)


def _money_was_a_rectification(dialect: str) -> None:
    """Before, the history of a call had no word for more money."""
    if dialect == "postgresql":
        op.execute("ALTER TABLE call_event DISABLE TRIGGER USER")
    with triggers_set_aside(op.get_bind()):
        op.execute("UPDATE call_event SET kind = 'rectified' WHERE kind = 'budget_added'")
    if dialect == "postgresql":
        op.execute("ALTER TABLE call_event ENABLE TRIGGER USER")


def _one_of(table: str, check: str, column: str, values: tuple[str, ...]) -> None:
    """Change the words that a column may hold."""
    name = op.f(f"ck_{table}_{check}")
    with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"{column} IN ({', '.join(repr(value) for value in values)})"))


def _tranche_guards(dialect: str, *, cancelled: bool) -> None:
    """The path of a tranche, and what stays of a released one; from then on it may end by being cancelled."""
    path = ON_THE_PATH if not cancelled else f"{ON_THE_PATH} OR ({MAY_BE_CANCELLED} AND NEW.status = 'cancelled')"
    people = SAME_PEOPLE if not cancelled else f"({SAME_PEOPLE} OR NEW.status = 'cancelled')"
    kept = f"NOT ({RELEASED}) OR (OLD.amount_cents = NEW.amount_cents AND OLD.grant_id = NEW.grant_id AND {people})"
    for name, condition, message in (
        ("tranche_path", f"OLD.status = NEW.status OR {path}", "tranche off its path"),
        ("tranche_frozen", kept, "released tranche"),
    ):
        for statement in refuse_change_unless(dialect, name, "tranche", condition, message):
            op.execute(statement)


def _tranches_of_ended_grants(*, cancelled: bool) -> None:
    """A tranche of a grant that ended is cancelled, however far it came; before, there was no such word."""
    if not cancelled:
        for table, now, then in THEN:
            op.execute(f"UPDATE {table} SET status = '{then}' WHERE status IN ({now})")  # noqa: S608
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("tranche") as batch:
        for name, states in LATER.items():
            constraint, words = op.f(f"ck_tranche_{name}"), states[1:-1] + (", 'cancelled'" if cancelled else "")
            batch.drop_constraint(constraint, type_="check")
            batch.create_check_constraint(constraint, sa.text(f"status IN ({words}) OR ({CAME_SO_FAR[name]})"))


def _rows_stay(dialect: str, table: str, fixed: tuple[str, ...] | None) -> None:
    """Refuse changes of these columns, or of any, and the end of a row."""
    statements = append_only(dialect, table, fixed_columns=fixed) if fixed else append_only(dialect, table)
    for statement in (*statements, *no_truncate(dialect, table)):
        op.execute(statement)


def _sessions_apart(dialect: str, *, together: bool) -> None:
    """Change what keeps the sessions of a coach apart."""
    name, table = "coaching_sessions_apart", "coaching_session"
    _drop(dialect, name, table)
    for statement in refuse_insert_unless(dialect, name, table, APART[together], "overlapping session"):
        op.execute(statement)


def _drop(dialect: str, name: str, table: str) -> None:
    op.execute(f"DROP TRIGGER {name}{f' ON {table}' if dialect == 'postgresql' else ''}")
    if dialect == "postgresql":
        op.execute(f"DROP FUNCTION {name}()")
