"""Guards of the commission and of what applicants send: triggers, and checks that changed on existing tables.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

from portal.core.db import UtcDateTime, new_id
from portal.core.db.guards import (
    append_only,
    no_truncate,
    refuse_change_unless,
    refuse_insert_unless,
    triggers_set_aside,
)

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SCORING = ("assent", "discussion_note", "score_reopening", "round_change")
MARK_FIXED = (
    "id", "authority_id", "application_id", "criterion", "version", "given_hundredths", "reason", "rapporteur_id",
    "proposed_at",
)  # fmt: skip
ASSIGNMENT_STATUSES = ("assigned", "free_of_conflict", "finalised", "recused")
QUESTION_FIXED = ("id", "authority_id", "application_id", "asked_by", "asked_at", "question")


SEATS_BEFORE = ("chair", "member")
SEATS = (*SEATS_BEFORE, "secretary", "substitute")
TIES_BEFORE = (
    "anyone", "same_authority", "owner", "editor", "viewer", "reporter", "assigned", "commission", "coaches",
    "conflicted",
)  # fmt: skip
TIES = (*TIES_BEFORE, "presides", "secretary")
OF_SEATS = {
    "substitutes_have_an_order": "(seat = 'substitute') = (position IS NOT NULL)",
    "whole_act": "(act_number IS NULL) = (act_date IS NULL)",
}
OF_SESSIONS = ("commission_member", "seat_change", "sitting_presence", "sitting_remark", "minutes")
SITTING_FIXED = (
    "id", "authority_id", "commission_id", "number", "starts_at", "place", "is_public", "agenda", "convened_at",
    "convened_by",
)  # fmt: skip
SIGNATURE_FIXED = ("id", "minutes_id", "person_id")
IS_OPEN = "(SELECT s.status FROM sitting s WHERE s.id = NEW.sitting_id) = 'opened'"
OF_THIS_FILE = "NEW.sha256 IS NULL OR NEW.sha256 = (SELECT m.sha256 FROM minutes m WHERE m.id = NEW.minutes_id)"
SAME_COMMISSION = (
    "(SELECT s.commission_id FROM sitting s WHERE s.id = NEW.sitting_id) = "
    "(SELECT c.commission_id FROM commission_member c WHERE c.id = NEW.member_id)"
)

AFTERWARDS = ("ranking_observation", "observation_reply", "ranking_departure", "outcome_letter")
REQUEST_FIXED = ("id", "authority_id", "phase_id", "application_id", "wants", "interest", "asked_at", "due_on",
                 "protocol_entry_id")  # fmt: skip
NOTICE_FIXED = ("id", "request_id", "application_id", "told_at", "due_on")
RECTIFIED = "cause = 'computed' OR (follows_id IS NOT NULL AND why IS NOT NULL)"
DECLARED = ("general_declaration", "names_shown", "conflict_suggestion", "suggestion_decision")


def upgrade() -> None:
    """Put the guards in force."""
    _commissions_stay()
    _declarations_stay()
    _seals_stay()
    _scoring_stays()
    _afterwards_stay()
    _attachments_stay()
    _reserves_are_listed()


def downgrade() -> None:
    """Take the guards away."""
    _attachments_may_go()
    _afterwards_may_go()
    _scoring_may_go()
    _seals_may_go()
    _commissions_may_go()
    _declarations_may_go()


def _reserves_are_listed() -> None:
    """Lines of applications whose reserve was open before the list told it."""
    op.execute(
        "UPDATE inbox_entry SET reserved_at = (SELECT max(r.at) FROM admissibility_reserve r"
        " WHERE r.application_id = inbox_entry.application_id"
        " AND NOT EXISTS (SELECT 1 FROM reserve_outcome o WHERE o.reserve_id = r.id))"
        " WHERE status NOT IN ('excluded', 'withdrawn', 'renounced')"
    )


def _seals_stay() -> None:
    """Nobody takes a seal off before its instant, nor sets an earlier one."""
    dialect = op.get_bind().dialect.name
    for statement in (*append_only(dialect, "seal"), *no_truncate(dialect, "seal")):
        op.execute(statement)


def _seals_may_go() -> None:
    dialect = op.get_bind().dialect.name
    on = " ON seal" if dialect == "postgresql" else ""
    for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
        op.execute(f"DROP TRIGGER seal_{suffix}{on}")


def _attachments_stay() -> None:
    """The files of a message stay with it."""
    dialect = op.get_bind().dialect.name
    for statement in (*append_only(dialect, "message_file"), *no_truncate(dialect, "message_file")):
        op.execute(statement)


def _attachments_may_go() -> None:
    dialect = op.get_bind().dialect.name
    on = " ON message_file" if dialect == "postgresql" else ""
    for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
        op.execute(f"DROP TRIGGER message_file_{suffix}{on}")


def _scoring_stays() -> None:
    """What was agreed, said, opened again, begun and asked stays as it was; only states move on."""
    _one_of("assignment", "assignment_status", "status", (*ASSIGNMENT_STATUSES, "reopened"))
    dialect = op.get_bind().dialect.name
    statements = [each for table in SCORING for each in append_only(dialect, table)]
    statements += append_only(dialect, "agreed_mark", fixed_columns=MARK_FIXED)
    statements += append_only(dialect, "clarification", fixed_columns=QUESTION_FIXED)
    tables = (*SCORING, "agreed_mark", "clarification")
    for statement in (*statements, *(each for table in tables for each in no_truncate(dialect, table))):
        op.execute(statement)


def _scoring_may_go() -> None:
    dialect = op.get_bind().dialect.name
    for table in (*SCORING, "agreed_mark", "clarification"):
        on = f" ON {table}" if dialect == "postgresql" else ""
        for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
            op.execute(f"DROP TRIGGER {table}_{suffix}{on}")
    op.execute("UPDATE assignment SET status = 'finalised' WHERE status = 'reopened'")
    _one_of("assignment", "assignment_status", "status", ASSIGNMENT_STATUSES)


def _one_of(table: str, check: str, column: str, values: tuple[str, ...]) -> None:
    """Change the words that a column may hold."""
    name = op.f(f"ck_{table}_{check}")
    with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"{column} IN ({', '.join(repr(value) for value in values)})"))


def _commissions_stay() -> None:
    """Seats, sessions and minutes are only added to; what was closed or signed never changes; chairs preside."""
    _one_of("commission_member", "seat", "seat", SEATS)
    _one_of("tie", "tie", "tie", TIES)
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("commission_member") as batch:
        for name, condition in OF_SEATS.items():
            batch.create_check_constraint(op.f(f"ck_commission_member_{name}"), sa.text(condition))
    _chairs_preside()
    dialect = op.get_bind().dialect.name
    statements = [each for table in OF_SESSIONS for each in append_only(dialect, table)]
    statements += append_only(dialect, "sitting", fixed_columns=SITTING_FIXED)
    statements += append_only(dialect, "minutes_signature", fixed_columns=SIGNATURE_FIXED)
    for table in (*OF_SESSIONS, "sitting", "minutes_signature"):
        statements += no_truncate(dialect, table)
    for name, (table, condition, words) in _of_sessions().items():
        statements += refuse_insert_unless(dialect, name, table, condition, words)
    over = "OLD.status NOT IN ('closed', 'cancelled')"
    statements += refuse_change_unless(dialect, "sitting_over", "sitting", over, "a session that is over")
    once = f"OLD.signed_at IS NULL AND ({OF_THIS_FILE})"
    statements += refuse_change_unless(dialect, "minutes_signature_once", "minutes_signature", once, "signed once")
    for statement in statements:
        op.execute(statement)


def _of_sessions() -> dict[str, tuple[str, str, str]]:
    """What is written of a session while it is open, by whom it concerns; a signature begins without its instant."""
    return {
        "sitting_presence_while_open": ("sitting_presence", f"{IS_OPEN} AND {SAME_COMMISSION}", "no open session"),
        "sitting_remark_while_open": ("sitting_remark", IS_OPEN, "no open session"),
        "minutes_signature_asked": ("minutes_signature", "NEW.signed_at IS NULL", "signed before it was asked"),
    }


def _chairs_preside() -> None:
    """Those who chair a commission of before have the tie of the chair."""
    connection = op.get_bind()
    kinds = {name: sa.Uuid() for name in ("id", "person_id", "object_id")}
    columns = ("id", "person_id", "tie", "object_type", "object_id", "since")
    tie = sa.table("tie", *(sa.column(name, kinds.get(name)) for name in columns))
    chairs = sa.text(
        "SELECT m.person_id, m.commission_id, c.appointed_at FROM commission_member m "
        "JOIN commission c ON c.id = m.commission_id WHERE m.seat = 'chair'"
    ).columns(person_id=sa.Uuid(), commission_id=sa.Uuid(), appointed_at=UtcDateTime())
    rows = [
        {"id": new_id(), "person_id": row.person_id, "tie": "presides", "object_type": "commission",
         "object_id": row.commission_id, "since": row.appointed_at}
        for row in connection.execute(chairs)
    ]  # fmt: skip
    if rows:
        connection.execute(tie.insert(), rows)


def _commissions_may_go() -> None:
    """Of commissions only chairs and members of the first act are left; whoever took a seat later is left out."""
    dialect = op.get_bind().dialect.name
    after, suffixes = ("", ("no_update", "no_delete"))
    if dialect == "postgresql":
        after, suffixes = " ON {}", ("no_update", "no_delete", "no_truncate")
    guards = [(f"{table}_{suffix}", table) for table in (*OF_SESSIONS, "sitting", "minutes_signature")
              for suffix in suffixes]  # fmt: skip
    own = [(name, table) for name, (table, *_rest) in _of_sessions().items()]
    own += [("sitting_over", "sitting"), ("minutes_signature_once", "minutes_signature")]
    for name, table in (*guards, *own):
        op.execute(f"DROP TRIGGER {name}{after.format(table)}")
    if dialect == "postgresql":
        for name, _table in own:
            op.execute(f"DROP FUNCTION {name}()")
    _seats_of_before()


def _seats_of_before() -> None:
    for table in ("minutes_signature", "minutes", "sitting_remark", "sitting_presence", "sitting", "seat_change"):
        op.execute(f"DELETE FROM {table}")  # noqa: S608
    op.execute("DELETE FROM commission_member WHERE seat IN ('secretary', 'substitute')")
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    with triggers_set_aside(op.get_bind()):
        if on_postgresql:
            op.execute("ALTER TABLE tie DISABLE TRIGGER USER")
        op.execute("DELETE FROM tie WHERE tie IN ('presides', 'secretary')")
        if on_postgresql:
            op.execute("ALTER TABLE tie ENABLE TRIGGER USER")
        with op.batch_alter_table("commission_member") as batch:
            for name in OF_SEATS:
                batch.drop_constraint(op.f(f"ck_commission_member_{name}"), type_="check")
    _one_of("tie", "tie", "tie", TIES_BEFORE)
    _one_of("commission_member", "seat", "seat", SEATS_BEFORE)


def _afterwards_stay() -> None:
    """What was written on a ranking, who left it, and what was asked of its documents are only added to."""
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("ranking") as batch:
        batch.create_check_constraint(op.f("ck_ranking_rectified_whole"), sa.text(RECTIFIED))
    dialect = op.get_bind().dialect.name
    statements = [each for table in AFTERWARDS for each in append_only(dialect, table)]
    statements += append_only(dialect, "disclosure_request", fixed_columns=REQUEST_FIXED)
    statements += append_only(dialect, "disclosure_notice", fixed_columns=NOTICE_FIXED)
    tables = (*AFTERWARDS, "disclosure_request", "disclosure_notice")
    for statement in (*statements, *(each for table in tables for each in no_truncate(dialect, table))):
        op.execute(statement)
    open_ones = "OLD.status = 'received' OR OLD.status = NEW.status"
    for statement in refuse_change_unless(
        dialect, "disclosure_decided", "disclosure_request", open_ones, "a request that was decided"
    ):
        op.execute(statement)


def _afterwards_may_go() -> None:
    dialect = op.get_bind().dialect.name
    for table in (*AFTERWARDS, "disclosure_request", "disclosure_notice"):
        on = f" ON {table}" if dialect == "postgresql" else ""
        for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
            op.execute(f"DROP TRIGGER {table}_{suffix}{on}")
    op.execute("DROP TRIGGER disclosure_decided" + (" ON disclosure_request" if dialect == "postgresql" else ""))
    if dialect == "postgresql":
        op.execute("DROP FUNCTION disclosure_decided()")
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("ranking") as batch:
        batch.drop_constraint(op.f("ck_ranking_rectified_whole"), type_="check")


def _declarations_stay() -> None:
    """What was sworn, shown, declared, suggested and decided stays as it was."""
    dialect = op.get_bind().dialect.name
    for table in DECLARED:
        for statement in (*append_only(dialect, table), *no_truncate(dialect, table)):
            op.execute(statement)


def _declarations_may_go() -> None:
    dialect = op.get_bind().dialect.name
    suffixes = ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ()))
    for table in DECLARED:
        on = f" ON {table}" if dialect == "postgresql" else ""
        for suffix in suffixes:
            op.execute(f"DROP TRIGGER {table}_{suffix}{on}")
