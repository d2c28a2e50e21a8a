"""Guards of people: identifiers are checked, finance roles take two people, the trail is chained anew.

The trail's rows get a commitment to the name of who acted beside the one to the values, so that either can be erased
alone. Nothing was anchored before this revision: its rows are chained again, once.

Revision ID: 0004
Revises: 0003
"""

import secrets
from types import SimpleNamespace

import sqlalchemy as sa
from alembic import op

from portal.access.models.organisations import eleven_digits_checked, sixteen_characters_checked
from portal.core.audit.hashes import GENESIS, actor_hash, event_hash, values_hash
from portal.core.audit.models import AuditEvent, AuditHead
from portal.core.db.guards import append_only, no_truncate, only_emptied, refuse_change_unless

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AUDIT_FIXED_BEFORE = (
    "id", "subject_type", "subject_id", "sequence", "at", "actor_id", "actor_roles", "event", "salt", "values_hash",
    "previous_hash", "hash", "request_id",
)  # fmt: skip
AUDIT_FIXED = (
    "id", "subject_type", "subject_id", "sequence", "at", "authority_id", "actor_id", "actor_roles", "event",
    "actor_hash", "values_hash", "previous_hash", "hash", "request_id",
)  # fmt: skip
CHAINED = ("actor_salt", "previous_hash", "actor_hash", "values_hash", "hash")
AUDIT_EMPTIED = (
    {"actor_name": "NULL", "actor_salt": "''"},
    {"before": "NULL", "after": "NULL", "reason": "NULL", "salt": "''"},
)
"""What may be erased, each group as a whole: the values and the salt of their hash."""
HEAD_STEPS_ON = (
    "NEW.id = OLD.id AND NEW.subject_type = OLD.subject_type AND NEW.subject_id = OLD.subject_id "
    "AND NEW.sequence = OLD.sequence + 1"
)
APPEND_ONLY = ("audit_anchor", "audit_verification")
NO_TRUNCATE = (
    "protocol_entry", "ledger_entry", "form_revision", "answer_version", "call_revision", "phase_deadline",
    "submission", "submission_receipt", "submission_attempt", "admissibility_decision", "conflict_declaration",
    "score_sheet", "ranking_row", "payment_order", "report_evidence", "coaching_session", "tranche", "payment_line",
    "ledger_account", "tie", "audit_event", "audit_head", "audit_anchor", "audit_verification",
)  # fmt: skip
"""Whatever refuses DELETE refuses TRUNCATE too."""

ROLES_BEFORE = (
    "visitor", "person", "officer", "evaluator", "chair", "coach", "finance_maker", "finance_approver", "auditor",
    "administrator",
)  # fmt: skip
KINDS_BEFORE = ("legal_entity", "informal_group")
FORMS_BEFORE = (
    "association", "volunteer_organisation", "social_promotion_association", "social_cooperative", "foundation",
    "church_body", "social_enterprise", "ngo", "informal_group",
)  # fmt: skip


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


CHECKS_BEFORE = {
    "role_grant": {"role": _one_of("role", ROLES_BEFORE)},
    "organisation": {
        "organisation_kind": _one_of("kind", KINDS_BEFORE),
        "legal_form": _one_of("legal_form", FORMS_BEFORE),
        "an_informal_group_has_no_fiscal_code": "kind <> 'informal_group' OR fiscal_code IS NULL",
    },
    "bank_details": {"bank_details_status": _one_of("status", ("proposed", "verified", "replaced"))},
    "verified_fact": {},
    "authority": {},
}
CHECKS = {
    "role_grant": {
        "role": _one_of("role", (*ROLES_BEFORE, "data_protection_officer")),
        "two_people": "person_id <> confirmed_by AND granted_by <> confirmed_by",
        "grave_roles_by_two_people": (
            "granted_by IS NULL OR confirmed_by IS NOT NULL"
            " OR role NOT IN ('finance_maker', 'finance_approver', 'administrator')"
        ),
        "a_stand_in_ends": "stands_in_for IS NULL OR until IS NOT NULL",
        "nobody_stands_in_for_oneself": "stands_in_for <> person_id",
    },
    "organisation": {
        "organisation_kind": _one_of("kind", (*KINDS_BEFORE, "consortium")),
        "legal_form": _one_of("legal_form", (*FORMS_BEFORE, "temporary_association")),
        "a_consortium_is_a_temporary_association": "(kind = 'consortium') = (legal_form = 'temporary_association')",
        "only_legal_entities_have_identifiers": (
            "kind = 'legal_entity' OR (fiscal_code IS NULL AND vat_number IS NULL AND runts_number IS NULL)"
        ),
        "fiscal_code_checked": (
            f"fiscal_code IS NULL OR {sixteen_characters_checked('fiscal_code')}"
            f" OR {eleven_digits_checked('fiscal_code')}"
        ),
        "vat_number_checked": f"vat_number IS NULL OR {eleven_digits_checked('vat_number')}",
        "runts_number_plausible": "runts_number BETWEEN 1 AND 9999999",
    },
    "bank_details": {
        "bank_details_status": _one_of("status", ("proposed", "verified", "replaced", "rejected")),
        "rejected_by_somebody": "(status = 'rejected') = (rejected_by IS NOT NULL)",
    },
    "verified_fact": {"expires_after_its_issue": "valid_until >= issued_on"},
    "authority": {
        "colour_written": "colour LIKE '#______'",
        "payment_exporter_known": "payment_exporter IN ('sepa')",
    },
}
TRAIL_GUARDS = ("audit_event_no_update", "audit_event_no_delete")

TIE_GUARDS = ("tie_no_update", "tie_no_delete", "tie_keeps_an_owner")
TIE_FIXED = ("id", "person_id", "tie", "object_type", "object_id", "since")
ANOTHER_OWNER = """NEW.until IS NULL OR OLD.until IS NOT NULL OR OLD.tie <> 'owner' OR OLD.object_type <> 'organisation'
OR EXISTS (SELECT 1 FROM tie AS other WHERE other.object_id = OLD.object_id AND other.tie = 'owner'
AND other.until IS NULL AND other.id <> OLD.id)"""


def upgrade() -> None:
    """Replace the checks; chain the trail again with its names apart, and close it."""
    _replace(CHECKS_BEFORE, CHECKS)
    _drop_triggers("audit_event", TRAIL_GUARDS)
    op.add_column("audit_event", sa.Column("authority_id", sa.Uuid(), nullable=True))
    op.add_column("audit_event", sa.Column("actor_salt", sa.String(32), server_default="", nullable=False))
    op.add_column("audit_event", sa.Column("actor_hash", sa.String(64), server_default="", nullable=False))
    op.create_index("ix_audit_event_authority_id_at", "audit_event", ["authority_id", "at"])
    op.create_index("ix_audit_event_actor_id_at", "audit_event", ["actor_id", "at"])
    _tell_authorities()
    _chain_again()
    for statement in _trail_guards(op.get_bind().dialect.name):
        op.execute(statement)
    for statement in _tie_guards(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    """Put the former checks back; the trail keeps its chain, which the former code cannot verify."""
    dialect = op.get_bind().dialect.name
    _drop_triggers("audit_event", TRAIL_GUARDS)
    _drop_triggers("audit_head", ("audit_head_steps_on", "audit_head_kept"))
    for table in APPEND_ONLY:
        _drop_triggers(table, (f"{table}_no_update", f"{table}_no_delete"))
    if dialect == "postgresql":
        for table in NO_TRUNCATE:
            _drop_triggers(table, (f"{table}_no_truncate",))
        for name in ("audit_event_no_update", "audit_head_steps_on", "audit_head_kept"):
            op.execute(f"DROP FUNCTION {name}()")
    _drop_triggers("tie", TIE_GUARDS)
    if dialect == "postgresql":
        op.execute("DROP FUNCTION tie_keeps_an_owner()")
    op.drop_index("ix_audit_event_actor_id_at", "audit_event")
    op.drop_index("ix_audit_event_authority_id_at", "audit_event")
    for column in ("actor_hash", "actor_salt", "authority_id"):
        op.execute(f"ALTER TABLE audit_event DROP COLUMN {column}")
    for statement in append_only(dialect, "audit_event", fixed_columns=AUDIT_FIXED_BEFORE):
        op.execute(statement)
    _replace(CHECKS, CHECKS_BEFORE)


def _tie_guards(dialect: str) -> list[str]:
    """A tie only ends; whoever represents an organisation alone stays."""
    message = "an organisation keeps an owner"
    return [
        *append_only(dialect, "tie", fixed_columns=TIE_FIXED),
        *refuse_change_unless(dialect, "tie_keeps_an_owner", "tie", ANOTHER_OWNER, message),
    ]


def _trail_guards(dialect: str) -> list[str]:
    return [
        *only_emptied(dialect, "audit_event", fixed=AUDIT_FIXED, emptied=AUDIT_EMPTIED),
        *refuse_change_unless(dialect, "audit_head_steps_on", "audit_head", HEAD_STEPS_ON, "audit head goes back"),
        *refuse_change_unless(dialect, "audit_head_kept", "audit_head", "1 = 0", "audit head", on="DELETE"),
        *(statement for table in APPEND_ONLY for statement in append_only(dialect, table)),
        *(statement for table in NO_TRUNCATE for statement in no_truncate(dialect, table)),
    ]


def _replace(old: dict[str, dict[str, str]], new: dict[str, dict[str, str]]) -> None:
    for table, checks in old.items():
        with op.batch_alter_table(table) as batch:
            for name in checks:
                batch.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
            for name, condition in new[table].items():
                batch.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(condition))


def _drop_triggers(table: str, names: tuple[str, ...]) -> None:
    on = f" ON {table}" if op.get_bind().dialect.name == "postgresql" else ""
    for name in names:
        op.execute(f"DROP TRIGGER {name}{on}")


def _tell_authorities() -> None:
    """Events of objects that name their authority get it."""
    bind = op.get_bind()
    known = sa.inspect(bind)
    for table in bind.scalars(sa.text("SELECT DISTINCT subject_type FROM audit_event")).all():
        if known.has_table(table) and "authority_id" in {each["name"] for each in known.get_columns(table)}:
            found = f"SELECT o.authority_id FROM {table} o WHERE o.id = audit_event.subject_id"  # noqa: S608
            op.execute(f"UPDATE audit_event SET authority_id = ({found}) WHERE subject_type = '{table}'")  # noqa: S608


def _chain_again() -> None:
    bind, events, heads = op.get_bind(), AuditEvent.__table__, AuditHead.__table__
    names = ("before", "after", "reason", "actor_name", "salt", *AUDIT_FIXED)
    order = (events.c.subject_type, events.c.subject_id, events.c.sequence)
    last: dict[tuple[str, object], str] = {}
    for found in bind.execute(sa.select(*(events.c[name] for name in names)).order_by(*order)).all():
        row = SimpleNamespace(**found._mapping)
        key = (row.subject_type, row.subject_id)
        row.actor_salt, row.previous_hash = secrets.token_hex(16), last.get(key, GENESIS)
        row.actor_hash, row.values_hash = actor_hash(row), values_hash(row)
        row.hash = last[key] = event_hash(row)
        made = {name: getattr(row, name) for name in CHAINED}
        bind.execute(sa.update(events).where(events.c.id == row.id).values(**made))
    for (subject_type, subject_id), end in last.items():
        here = (heads.c.subject_type == subject_type) & (heads.c.subject_id == subject_id)
        bind.execute(sa.update(heads).where(here).values(hash=end))
