"""The audit trail: one chained row a change, and a verifier that names the first bad row."""

from datetime import timedelta
from enum import Enum

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.audit import ERASED, AuditEvent, erase_values, record, verify
from portal.core.audit.hashes import actor_hash, event_hash, values_hash
from portal.core.errors import Invalid
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


TRIGGERS = (
    ("audit_event", "no_update"), ("audit_event", "no_delete"), ("audit_head", "steps_on"), ("audit_head", "kept"),
)  # fmt: skip


def tamper(session: Session, sql: str, **values: object) -> list[str]:
    """Do what only a superuser can: without triggers, change rows; then verify."""
    for table, name in TRIGGERS:
        on = f" ON {table}" if session.get_bind().dialect.name == "postgresql" else ""
        session.execute(text(f"DROP TRIGGER IF EXISTS {table}_{name}{on}"))
    session.execute(text(sql), values)
    session.commit()
    session.expire_all()
    return list(verify(session))


def key(session: Session, row: AuditEvent) -> object:
    return row.id if session.get_bind().dialect.name == "postgresql" else row.id.hex


def subject(session: Session, trail: list[AuditEvent]) -> object:
    found = trail[0].subject_id
    return found if session.get_bind().dialect.name == "postgresql" else found.hex


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


@pytest.mark.parametrize(
    "change", ["before = 'no json'", "at = 'once'", "subject_id = 'x'", "sequence = 'three'", "actor_id = 'x'"]
)
def test_a_row_that_cannot_be_read_any_more_is_named(session, trail, change):
    """SQLite takes any text for any type; PostgreSQL refuses it even to a superuser."""
    sql = f"UPDATE audit_event SET {change} WHERE id = :id"
    if session.get_bind().dialect.name == "postgresql":
        with pytest.raises(DBAPIError):
            tamper(session, sql, id=trail[2].id)
        return
    named = (trail[2].id.hex, str(trail[2].id))
    found = tamper(session, sql, id=key(session, trail[2]))
    told = [line for line in found if "cannot be read: it is altered" in line and any(each in line for each in named)]
    assert told or "row 3 is missing" in found[0]


def test_an_erasure_declared_in_nonsense_covers_nothing(session, trail, now):
    erase_values(session, event_ids=[trail[1].id], actor=SYSTEM, now=now, reason="retention")
    declared = session.scalars(select(AuditEvent).where(AuditEvent.event == ERASED)).one()
    found = tamper(
        session, "UPDATE audit_event SET after = '{\"values\": 2}' WHERE id = :id", id=key(session, declared)
    )
    assert [line for line in found if "row 2" in line or "row 6" in line]


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
    added.actor_salt = "s"
    added.actor_hash, added.values_hash = actor_hash(added), values_hash(added)
    added.hash = event_hash(added)
    session.add(added)
    session.commit()
    assert [line for line in verify(session) if "row 6" in line and "was added" in line]


def test_a_trail_without_its_head_is_named(session, trail):
    found = tamper(session, "DELETE FROM audit_head WHERE subject_id = :id", id=subject(session, trail))
    assert ["row 1" in line and "was added" in line for line in found] == [True]


def test_a_head_changed_alone_is_named(session, trail):
    changed = "UPDATE audit_head SET hash = :hash WHERE subject_id = :id"
    found = tamper(session, changed, hash="0" * 64, id=subject(session, trail))
    assert ["row 5" in line and "is not the row at which the trail ends" in line for line in found] == [True]


def test_a_trail_that_vanished_under_its_head_is_named(session, trail):
    named = trail[0].subject_id
    found = tamper(session, "DELETE FROM audit_event WHERE subject_id = :id", id=subject(session, trail))
    assert found == [f"job {named}: row 1 is missing: the trail ends at row 5"]


def test_an_erasure_is_declared_and_still_verifies(session, now):
    authority, other = make_authority(session), make_authority(session, code="lecce")
    ada, carla = (as_actor(session, make_person(session, now=now, name=name), now=now) for name in ("Ada", "Carla"))
    for actor, subject_ in ((ada, authority), (carla, authority), (ada, other), (ada, authority)):
        record(session, at=now, actor=actor, event="probe", subject=subject_, after={"who": actor.name}, reason="si")
    second = session.scalars(select(AuditEvent).where(AuditEvent.actor_id == carla.person_id)).one()
    emptied = erase_values(
        session, person_id=ada.person_id, event_ids=[second.id], actor=ada, now=now, reason="art. 17 GDPR"
    )
    session.commit()
    session.expire_all()
    assert emptied == 4
    assert list(verify(session)) == []
    rows = session.scalars(
        select(AuditEvent).where(AuditEvent.subject_id == authority.id).order_by(AuditEvent.sequence)
    ).all()
    assert [(row.actor_name, row.after and row.after.get("who")) for row in rows[:3]] == [
        (None, "Ada"), ("Carla", None), (None, "Ada"),
    ]  # fmt: skip
    assert (rows[3].event, rows[3].after, rows[3].reason) == (ERASED, {"names": [1, 3], "values": [2]}, "art. 17 GDPR")
    assert (rows[0].actor_salt, rows[1].salt, rows[3].actor_name) == ("", "", "–")


def test_what_declares_an_erasure_is_never_emptied_itself(session, trail, now):
    ids = [row.id for row in trail]
    erase_values(session, event_ids=ids, actor=SYSTEM, now=now, reason="retention")
    declared = session.scalars(select(AuditEvent).where(AuditEvent.event == ERASED)).one()
    assert erase_values(session, event_ids=[declared.id], actor=SYSTEM, now=now, reason="retention") == 0
    session.commit()
    assert list(verify(session)) == []


def test_an_erasure_needs_its_reason(session, trail, now):
    with pytest.raises(Invalid):
        erase_values(session, event_ids=[trail[0].id], actor=SYSTEM, now=now, reason=" ")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET actor_name = 'X'",
        "UPDATE audit_event SET before = NULL",
        "UPDATE audit_event SET authority_id = subject_id",
    ],
)
def test_the_database_lets_values_be_emptied_and_nothing_else(session, trail, sql):
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(sql))


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM audit_head",
        "UPDATE audit_head SET sequence = sequence - 1",
        "UPDATE audit_head SET hash = '0'",
        "UPDATE audit_head SET sequence = sequence + 1, subject_type = 'other'",
    ],
)
def test_a_head_only_goes_one_step_on(session, trail, sql):
    with pytest.raises(DBAPIError, match="audit head"):
        session.execute(text(sql))


def test_postgresql_refuses_to_truncate(session, trail):
    """SQLite knows no TRUNCATE; its DELETE without a condition is refused row by row."""
    if session.get_bind().dialect.name == "sqlite":
        sql, match = "DELETE FROM audit_event", "append-only"
    else:
        sql, match = "TRUNCATE audit_event", "append-only"
    with pytest.raises(DBAPIError, match=match):
        session.execute(text(sql))


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
