"""Guards of people: identifiers are checked, finance roles take two people, the trail is chained anew.

The trail's rows get a commitment to the name of who acted beside the one to the values, so that either can be erased
alone. Nothing was anchored before this revision: its rows are chained again, once.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.orm import Session

from portal.access.models.organisations import eleven_digits_checked
from portal.core.audit.chain import GENESIS, actor_hash, event_hash, values_hash
from portal.core.audit.models import AuditEvent, AuditHead
from portal.core.db.guards import append_only

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

AUDIT_FIXED_BEFORE = (
    "id", "subject_type", "subject_id", "sequence", "at", "actor_id", "actor_roles", "event", "salt", "values_hash",
    "previous_hash", "hash", "request_id",
)  # fmt: skip
AUDIT_FIXED = (*AUDIT_FIXED_BEFORE, "actor_hash")

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
}
CHECKS = {
    "role_grant": {
        "role": _one_of("role", (*ROLES_BEFORE, "data_protection_officer")),
        "two_people": "person_id <> confirmed_by AND granted_by <> confirmed_by",
        "finance_by_two_people": (
            "granted_by IS NULL OR confirmed_by IS NOT NULL OR role NOT IN ('finance_maker', 'finance_approver')"
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
            f"fiscal_code IS NULL OR length(fiscal_code) = 16 OR {eleven_digits_checked('fiscal_code')}"
        ),
        "vat_number_checked": f"vat_number IS NULL OR {eleven_digits_checked('vat_number')}",
        "runts_number_plausible": "runts_number BETWEEN 1 AND 9999999",
    },
}
TRAIL_GUARDS = ("audit_event_no_update", "audit_event_no_delete")


def upgrade() -> None:
    """Replace the checks; chain the trail again with its names apart."""
    _replace(CHECKS_BEFORE, CHECKS)
    _drop_triggers("audit_event", TRAIL_GUARDS)
    op.add_column("audit_event", sa.Column("actor_hash", sa.String(64), server_default="", nullable=False))
    _chain_again()
    for statement in append_only(op.get_bind().dialect.name, "audit_event", fixed_columns=AUDIT_FIXED):
        op.execute(statement)


def downgrade() -> None:
    """Put the former checks back; the trail keeps its chain, which the former code cannot verify."""
    _drop_triggers("audit_event", TRAIL_GUARDS)
    op.execute("ALTER TABLE audit_event DROP COLUMN actor_hash")
    for statement in append_only(op.get_bind().dialect.name, "audit_event", fixed_columns=AUDIT_FIXED_BEFORE):
        op.execute(statement)
    _replace(CHECKS, CHECKS_BEFORE)


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


def _chain_again() -> None:
    session = Session(op.get_bind())
    order = (AuditEvent.subject_type, AuditEvent.subject_id, AuditEvent.sequence)
    last: dict[tuple[str, object], str] = {}
    for row in session.scalars(sa.select(AuditEvent).order_by(*order)):
        key = (row.subject_type, row.subject_id)
        row.previous_hash = last.get(key, GENESIS)
        row.actor_hash, row.values_hash = actor_hash(row), values_hash(row)
        row.hash = last[key] = event_hash(row)
    for head in session.scalars(sa.select(AuditHead)):
        head.hash = last.get((head.subject_type, head.subject_id), head.hash)
    session.flush()
