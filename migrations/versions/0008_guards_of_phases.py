"""Guards of second phases: the form of a call goes to its phases, with its data; triggers and changed checks.

Revision ID: 0008
Revises: 0007
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
from portal.core.db.search import no_search_index, search_index

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

APPLICATION_STATUSES_BEFORE = (
    "draft", "submitted", "integration_requested", "admissible", "inadmissible", "scored", "suitable", "not_suitable",
    "funded", "reserve_list", "withdrawn", "renounced",
)  # fmt: skip
STAND_IN_ENDS = "stands_in_for IS NULL OR until IS NOT NULL"
APPLICATION_STATUSES = (*APPLICATION_STATUSES_BEFORE, "selected", "excluded")

DRAW_FIXED = (
    "id", "authority_id", "phase_id", "ranking_id", "lists", "source", "held_on", "act_number", "act_date",
    "published_at", "published_on", "published_by",
)  # fmt: skip
MESSAGE_FIXED = ("id", "application_id", "at", "side", "written_by", "office_text")
"""What a team wrote goes with its writer; nothing else of a message ever changes."""

CHECKED = (
    "point_verdict", "integration_request", "integration_extension", "integration_reply", "integration_attempt",
    "rejection_notice", "rejection_observations", "admissibility_reserve", "reserve_outcome",
)  # fmt: skip
ITEM_FIXED = ("id", "request_id", "kind", "key", "point", "label", "what")
NOT_SENT = "NOT EXISTS (SELECT 1 FROM integration_reply r WHERE r.request_id = NEW.request_id)"
REPLY_IN_TIME = (
    "NEW.received_at <= COALESCE((SELECT e.due_at FROM integration_extension e WHERE e.request_id = NEW.request_id), "
    "(SELECT q.due_at FROM integration_request q WHERE q.id = NEW.request_id))"
)
OF_THE_CHECK = {
    "integration_reply_in_time": ("integration_reply", REPLY_IN_TIME, "late answer"),
    "integration_item_new": ("integration_item", NOT_SENT, "answered request"),
}

REGISTER_OF_ATTENDANCE = ("accompaniment_meeting", "attendance", "accompaniment_closing")
STEPS_BEFORE = (
    "design", "cast", "applications", "admissibility", "commission", "scores", "ranking", "awards", "agreements",
    "coaching", "payments", "findings",
)  # fmt: skip
STEPS = (*STEPS_BEFORE, "accompaniment", "entities")
OF_ONE = "(grant_id IS NULL) <> (application_id IS NULL)"


def upgrade() -> None:
    """Move the form of each call to its phases."""
    op.execute("UPDATE phase SET form_revision_id = (SELECT form_revision_id FROM call WHERE call.id = phase.call_id)")
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("call") as batch:
        batch.drop_index("ix_call_form_revision_id")
        batch.drop_constraint("fk_call_form_revision_id", type_="foreignkey")
        batch.drop_column("form_revision_id")
    _one_of("application", "application_status", "status", APPLICATION_STATUSES)
    _attendance_stays()
    _list_and_messages()
    _a_stand_in_ends()
    _draws_stay()
    _signatures_stay()
    _sending_stays()
    _rehearsals_of_several_phases()
    _check_stays()


def downgrade() -> None:
    """Give each call the form of its first phase again; a team that was selected counts as suitable."""
    _check_may_go()
    _rehearsals_of_one_phase()
    _draws_may_go()
    _signatures_may_go()
    _sending_may_go()
    _no_list_and_messages()
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("role_proposal") as batch:
        batch.drop_constraint(op.f("ck_role_proposal_a_stand_in_ends"), type_="check")
    _attendance_may_go()
    op.execute("UPDATE application SET status = 'suitable' WHERE status = 'selected'")
    op.execute("UPDATE application SET status = 'renounced' WHERE status = 'excluded'")
    _one_of("application", "application_status", "status", APPLICATION_STATUSES_BEFORE)
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("call") as batch:
        batch.add_column(sa.Column("form_revision_id", sa.Uuid(), nullable=True))
        batch.create_foreign_key("fk_call_form_revision_id", "form_revision", ["form_revision_id"], ["id"])
        batch.create_index("ix_call_form_revision_id", ["form_revision_id"])
    op.execute(
        "UPDATE call SET form_revision_id = "
        "(SELECT form_revision_id FROM phase WHERE phase.call_id = call.id AND phase.position = 1)"
    )


def _attendance_stays() -> None:
    """The register of attendance is only added to; hours are never negative; an entity is of a grant or before one."""
    with triggers_set_aside(op.get_bind()):
        with op.batch_alter_table("application") as batch:
            batch.create_check_constraint(op.f("ck_application_attended_not_negative"), "attended_minutes >= 0")
        with op.batch_alter_table("incorporation") as batch:
            batch.create_check_constraint(op.f("ck_incorporation_of_a_grant_or_an_application"), OF_ONE)
    dialect = op.get_bind().dialect.name
    for table in REGISTER_OF_ATTENDANCE:
        for statement in (*append_only(dialect, table), *no_truncate(dialect, table)):
            op.execute(statement)


def _attendance_may_go() -> None:
    dialect = op.get_bind().dialect.name
    for table in REGISTER_OF_ATTENDANCE:
        on = f" ON {table}" if dialect == "postgresql" else ""
        for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
            op.execute(f"DROP TRIGGER {table}_{suffix}{on}")
    with triggers_set_aside(op.get_bind()):
        with op.batch_alter_table("incorporation") as batch:
            batch.drop_constraint(op.f("ck_incorporation_of_a_grant_or_an_application"), type_="check")
        with op.batch_alter_table("application") as batch:
            batch.drop_constraint(op.f("ck_application_attended_not_negative"), type_="check")
    op.execute("DELETE FROM incorporation WHERE grant_id IS NULL")


def _list_and_messages() -> None:
    """The index of the officers' list; messages are only added to."""
    dialect = op.get_bind().dialect.name
    same = "IS" if dialect == "sqlite" else "IS NOT DISTINCT FROM"
    kept = " AND ".join(f"NEW.{column} {same} OLD.{column}" for column in MESSAGE_FIXED)
    kept += f" AND (NEW.team_text IS NULL OR NEW.team_text {same} OLD.team_text)"
    statements = search_index(dialect, "inbox_entry", words="words", number="number")
    statements += refuse_change_unless(
        dialect, "application_message_only_emptied", "application_message", kept, "append-only: application_message"
    )
    statements += [append_only(dialect, "application_message")[1], *no_truncate(dialect, "application_message")]
    for statement in statements:
        op.execute(statement)


def _no_list_and_messages() -> None:
    dialect = op.get_bind().dialect.name
    on = " ON application_message" if dialect == "postgresql" else ""
    for suffix in ("only_emptied", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
        op.execute(f"DROP TRIGGER application_message_{suffix}{on}")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION application_message_only_emptied()")
    for statement in no_search_index(dialect, "inbox_entry"):
        op.execute(statement)


def _check_stays() -> None:
    """The check of admissibility is only added to; an answer is in its term, and stands still once it was sent."""
    dialect = op.get_bind().dialect.name
    statements = [each for table in CHECKED for each in append_only(dialect, table)]
    statements += append_only(dialect, "integration_item", fixed_columns=ITEM_FIXED)
    statements += [each for table in (*CHECKED, "integration_item") for each in no_truncate(dialect, table)]
    for name, (table, condition, message) in OF_THE_CHECK.items():
        statements += refuse_insert_unless(dialect, name, table, condition, message)
    statements += refuse_change_unless(
        dialect, "integration_item_open", "integration_item", NOT_SENT, "answered request"
    )
    for statement in statements:
        op.execute(statement)


def _check_may_go() -> None:
    """The triggers go with their tables; their own functions are left over on PostgreSQL."""
    if op.get_bind().dialect.name == "postgresql":
        for name in (*OF_THE_CHECK, "integration_item_open"):
            op.execute(f"DROP FUNCTION {name}() CASCADE")


def _signatures_stay() -> None:
    """What was read of a signature is only added to."""
    dialect = op.get_bind().dialect.name
    for statement in (*append_only(dialect, "file_signature"), *no_truncate(dialect, "file_signature")):
        op.execute(statement)


def _signatures_may_go() -> None:
    dialect = op.get_bind().dialect.name
    on = " ON file_signature" if dialect == "postgresql" else ""
    for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
        op.execute(f"DROP TRIGGER file_signature_{suffix}{on}")


def _sending_stays() -> None:
    """Stamps that were used and entries that were annulled stay; a confirmation that was given never changes."""
    dialect = op.get_bind().dialect.name
    statements = [
        each
        for table in ("stamp_mark", "protocol_annulment")
        for each in (*append_only(dialect, table), *no_truncate(dialect, table))
    ]
    statements += refuse_change_unless(
        dialect, "sign_off_no_update", "sign_off", "OLD.signed_at IS NULL", "append-only: sign_off"
    )
    statements += [append_only(dialect, "sign_off")[1], *no_truncate(dialect, "sign_off")]
    for statement in statements:
        op.execute(statement)


def _sending_may_go() -> None:
    dialect = op.get_bind().dialect.name
    for table in ("stamp_mark", "protocol_annulment", "sign_off"):
        on = f" ON {table}" if dialect == "postgresql" else ""
        for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
            op.execute(f"DROP TRIGGER {table}_{suffix}{on}")
    if dialect == "postgresql":
        op.execute("DROP FUNCTION sign_off_no_update()")


def _draws_stay() -> None:
    """A draw has two steps: its lists without a seed, then the seed, once; nothing is taken back."""
    dialect = op.get_bind().dialect.name
    statements = append_only(dialect, "ranking_draw", fixed_columns=DRAW_FIXED)
    statements += no_truncate(dialect, "ranking_draw")
    statements += refuse_insert_unless(
        dialect, "ranking_draw_lists_first", "ranking_draw", "NEW.seed IS NULL", "a seed before its lists"
    )
    statements += refuse_change_unless(
        dialect, "ranking_draw_seed_once", "ranking_draw", "OLD.seed IS NULL", "a second seed"
    )
    for statement in statements:
        op.execute(statement)


def _draws_may_go() -> None:
    dialect = op.get_bind().dialect.name
    on = " ON ranking_draw" if dialect == "postgresql" else ""
    for suffix in ("no_update", "no_delete", *(("no_truncate",) if dialect == "postgresql" else ())):
        op.execute(f"DROP TRIGGER ranking_draw_{suffix}{on}")
    for name in ("ranking_draw_lists_first", "ranking_draw_seed_once"):
        op.execute(f"DROP TRIGGER {name}{on}")
        if dialect == "postgresql":
            op.execute(f"DROP FUNCTION {name}()")


def _a_stand_in_ends() -> None:
    """A stand-in that was proposed without an end could never be confirmed: it ends when it was proposed."""
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("role_proposal") as batch:
        op.execute("UPDATE role_proposal SET until = proposed_at WHERE stands_in_for IS NOT NULL AND until IS NULL")
        batch.create_check_constraint(op.f("ck_role_proposal_a_stand_in_ends"), sa.text(STAND_IN_ENDS))


def _rehearsals_of_several_phases() -> None:
    """A rehearsal has as many steps as its call."""
    _one_of("rehearsal_step", "step", "step", STEPS)
    _steps_within("planned")


def _rehearsals_of_one_phase() -> None:
    """What several phases had on top counts as coaching, the last of twelve steps as the end."""
    with triggers_set_aside(op.get_bind()):
        for step in ("accompaniment", "entities"):
            _rest("rehearsal_step", f"UPDATE rehearsal_step SET step = 'coaching' WHERE step = '{step}'")  # noqa: S608
        _rest("rehearsal", "UPDATE rehearsal SET done = 12 WHERE done > 12")
    _one_of("rehearsal_step", "step", "step", STEPS_BEFORE)
    _steps_within("12")


def _rest(table: str, statement: str) -> None:
    """Change rows that the triggers of their table keep as they are."""
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    if on_postgresql:
        op.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    op.execute(statement)
    if on_postgresql:
        op.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _steps_within(most: str) -> None:
    name = op.f("ck_rehearsal_done_within_steps")
    with triggers_set_aside(op.get_bind()), op.batch_alter_table("rehearsal") as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"done BETWEEN 0 AND {most}"))


def _one_of(table: str, check: str, column: str, values: tuple[str, ...]) -> None:
    """Change the words that a column may hold."""
    name = op.f(f"ck_{table}_{check}")
    with triggers_set_aside(op.get_bind()), op.batch_alter_table(table) as batch:
        batch.drop_constraint(name, type_="check")
        batch.create_check_constraint(name, sa.text(f"{column} IN ({', '.join(repr(value) for value in values)})"))
