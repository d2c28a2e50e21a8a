"""The audit trail: one chained row a change, and a verifier that names the first bad row."""

from datetime import timedelta
from enum import Enum

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.audit import AuditEvent, AuditHead, record, verify
from portal.core.audit.chain import event_hash, values_hash
from portal.core.jobs import enqueue
from tests.factories.base import as_actor, make_authority, make_person


class Colour(Enum):
    """A value to record."""

    RED = "red"


@pytest.fixture
def trail(session: Session, now) -> list[AuditEvent]:
    """Five events of one object, with another object's trail beside it."""
    one, other = enqueue(session, "probe", now=now), enqueue(session, "probe", now=now)
    session.flush()
    for subject in (other, one, one, one, other, one, one):
        record(
            session, at=now + timedelta(microseconds=1), actor=SYSTEM, event="probe.changed", subject=subject,
            before={"amount": 1, "when": now}, after=Colour.RED, reason="perché sì",
        )  # fmt: skip
    session.commit()
    query = select(AuditEvent).where(AuditEvent.subject_id == one.id).order_by(AuditEvent.sequence)
    return list(session.scalars(query))


def tamper(session: Session, sql: str, **values: object) -> list[str]:
    """Do what only a superuser can: without triggers, change rows; then verify."""
    on = " ON audit_event" if session.get_bind().dialect.name == "postgresql" else ""
    for name in ("no_update", "no_delete"):
        session.execute(text(f"DROP TRIGGER audit_event_{name}{on}"))
    session.execute(text(sql), values)
    session.commit()
    session.expire_all()
    return list(verify(session))


def key(session: Session, row: AuditEvent) -> object:
    return row.id if session.get_bind().dialect.name == "postgresql" else row.id.hex


def test_an_untouched_trail_verifies(session, trail):
    assert [row.sequence for row in trail] == [1, 2, 3, 4, 5]
    assert list(verify(session)) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("before = '{\"amount\": 2}'", "has altered values"),
        ("reason = 'no'", "has altered values"),
        ('after = \'{"value": "blue"}\'', "has altered values"),
        ("actor_name = 'X'", "names somebody else"),
    ],
)
def test_an_altered_value_is_named(session, trail, change, fault):
    found = tamper(session, f"UPDATE audit_event SET {change} WHERE id = :id", id=key(session, trail[2]))
    assert len(found) == 1
    assert f"row 3 (probe.changed, {trail[2].id}) {fault}" in found[0]


@pytest.mark.parametrize(
    "change", ["event = 'probe.other'", "actor_roles = 'chair'", f"hash = '{'0' * 64}'", f"values_hash = '{'0' * 64}'"]
)
def test_an_altered_row_is_named(session, trail, change):
    found = tamper(session, f"UPDATE audit_event SET {change} WHERE id = :id", id=key(session, trail[2]))
    assert len(found) == 1
    assert f"row 3 (probe.changed, {trail[2].id})" in found[0] or "row 3 (probe.other" in found[0]


def test_a_row_altered_with_its_hash_is_found_at_the_next(session, trail):
    row = trail[2]
    row.event = "probe.other"
    forged = event_hash(row)
    session.expunge(row)
    found = tamper(
        session, "UPDATE audit_event SET event = 'probe.other', hash = :hash WHERE id = :id", hash=forged,
        id=key(session, row),
    )  # fmt: skip
    assert "row 4" in found[0]
    assert "does not point to the row before it" in found[0]


def test_a_missing_row_in_the_middle_is_named(session, trail):
    found = tamper(session, "DELETE FROM audit_event WHERE id = :id", id=key(session, trail[1]))
    assert len(found) == 1
    assert "row 3" in found[0]
    assert "row 2 is missing" in found[0]


def test_a_truncated_end_is_named(session, trail):
    found = tamper(session, "DELETE FROM audit_event WHERE id = :id", id=key(session, trail[4]))
    assert found == [f"job {trail[0].subject_id}: row 5 is missing: the trail ends at row 5"]


def test_rows_in_another_order_are_named(session, trail):
    third, fourth = key(session, trail[2]), key(session, trail[3])
    moved = "UPDATE audit_event SET sequence = CASE WHEN id = :a THEN 90 ELSE 3 END WHERE id IN (:a, :b)"
    assert "row 3" in tamper(session, moved, a=third, b=fourth)[0]


def test_an_added_row_is_named(session, trail, now):
    last = trail[4]
    added = AuditEvent(
        subject_type=last.subject_type, subject_id=last.subject_id, sequence=6, at=now, actor_name="X",
        actor_roles="person", event="probe.added", request_id="", salt="s", previous_hash=last.hash,
    )  # fmt: skip
    added.values_hash = values_hash(added)
    added.hash = event_hash(added)
    session.add(added)
    session.commit()
    assert [line for line in verify(session) if "row 6" in line and "was added" in line]


def test_a_trail_without_its_head_is_named(session, trail):
    session.delete(session.scalars(select(AuditHead).where(AuditHead.subject_id == trail[0].subject_id)).one())
    session.commit()
    assert ["row 1" in line and "was added" in line for line in verify(session)] == [True]


def test_erased_values_still_verify(session, trail):
    row = trail[1]
    row.actor_name = row.before = row.after = row.reason = None
    session.commit()
    assert list(verify(session)) == []


@pytest.mark.parametrize("sql", ["UPDATE audit_event SET event = 'x'", "DELETE FROM audit_event"])
def test_the_database_itself_refuses_changes(session, trail, sql):
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(sql))


def test_the_actor_is_never_empty_and_what_cannot_be_stored_is_replaced(session, now):
    person = make_person(session, now=now, name="Ada")
    authority = make_authority(session)
    actor = as_actor(session, person, now=now)
    odd = {"a\x00": "b\x00"}
    row = record(session, at=now, actor=actor, event="probe", subject=authority, after=odd, reason="\ud800")
    assert (row.actor_id, row.actor_name, row.actor_roles) == (person.id, "Ada", "person")
    session.commit()
    assert list(verify(session)) == []
