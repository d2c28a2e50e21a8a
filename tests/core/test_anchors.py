"""Anchors: what a chain rewritten as a whole cannot hide, on both engines."""

import hashlib
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.orm import Session

from portal.core.actor import SYSTEM
from portal.core.audit import (
    GENESIS,
    AuditAnchor,
    AuditEvent,
    AuditHead,
    anchor_file,
    record,
    verify,
    verify_anchors,
    verify_kept,
)
from portal.core.audit.hashes import event_hash, values_hash
from tests.core.test_audit import TRIGGERS
from tests.factories.base import make_authority

ANCHORED = (*TRIGGERS, ("audit_anchor", "no_update"), ("audit_anchor", "no_delete"))


class House:
    """A trail that is anchored day by day, with the store of its files."""

    def __init__(self, session: Session, now) -> None:
        self.session, self.now = session, now
        self.files: dict[str, bytes] = {}
        self.one, self.other = make_authority(session), make_authority(session, code="lecce")
        self.day(1)
        self.day(2)
        self.day(3, change=False)

    def day(self, number: int, *, change: bool = True) -> None:
        """One more day: both objects change, and an anchor is taken."""
        at = self.now + timedelta(days=number)
        for subject in (self.one, self.other, self.one) if change else (self.other,):
            record(self.session, at=at, actor=SYSTEM, event="probe", subject=subject, after={"day": number})
        last = self.session.scalars(select(AuditAnchor).order_by(AuditAnchor.number.desc())).first()
        file = anchor_file(self.session, day=at.date(), previous=last.digest if last else GENESIS)
        anchor = AuditAnchor(
            number=number, day=at.date(), at=at, heads=len(file.heads), events=sum(h.sequence for h in file.heads),
            digest=file.digest, previous_digest=file.previous,
        )  # fmt: skip
        self.session.add(anchor)
        self.session.commit()
        self.files[anchor.key] = file.content

    def faults(self, today: date | None = None) -> list[str]:
        """What the verification says: the chains, then the anchors."""
        self.session.commit()
        self.session.expire_all()
        return [*verify(self.session), *verify_anchors(self.session, self.files.get, today=today)]

    def unguarded(self) -> None:
        """What only a superuser can do: no trigger any more."""
        for table, name in ANCHORED:
            on = f" ON {table}" if self.session.get_bind().dialect.name == "postgresql" else ""
            self.session.execute(text(f"DROP TRIGGER {table}_{name}{on}"))

    def rewrite(self, since: int, *, keep: int | None = None) -> None:
        """Forge the values of a row of `one`, and every hash from there on, the head too; cut after `keep`."""
        self.unguarded()
        mine = AuditEvent.subject_id == self.one.id
        rows = self.session.scalars(select(AuditEvent).where(mine).order_by(AuditEvent.sequence)).all()
        last = rows[since - 2].hash if since > 1 else GENESIS
        for row in rows[since - 1 :]:
            if row.sequence == since:
                row.after = {"day": 99}
            row.previous_hash, row.values_hash = last, values_hash(row)
            row.hash = last = event_hash(row)
        for row in rows[keep:] if keep else ():
            self.session.delete(row)
        end = rows[keep - 1] if keep else rows[-1]
        here = update(AuditHead).where(AuditHead.subject_id == self.one.id)
        self.session.flush()
        self.session.execute(here.values(sequence=end.sequence, hash=end.hash))


@pytest.fixture
def house(session, now) -> House:
    """Three days, three anchors."""
    return House(session, now)


def test_an_anchored_trail_verifies(house):
    assert house.faults(today=date(2026, 3, 5)) == []


def test_the_digest_of_an_anchor_is_the_fingerprint_of_its_file(house, session):
    for anchor in session.scalars(select(AuditAnchor)):
        assert hashlib.sha256(house.files[anchor.key]).hexdigest() == anchor.digest


def test_the_same_heads_give_the_same_file(house, session):
    first, second = (anchor_file(session, day=date(2026, 3, 9), previous=GENESIS) for _ in range(2))
    assert first.content == second.content
    assert [head.subject_id for head in first.heads] == sorted(head.subject_id for head in first.heads)


def test_a_chain_rewritten_with_its_head_holds_in_itself_but_not_against_an_anchor(house, session):
    house.rewrite(since=2)
    assert list(verify(session)) == []
    named = f"authority {house.one.id}"
    assert house.faults() == [f"{named}: row 2, or one before it, was rewritten after the anchor of 2026-03-03"]


def test_a_chain_cut_with_its_head_is_named(house, session):
    house.rewrite(since=4, keep=3)
    assert list(verify(session)) == []
    assert house.faults() == [f"authority {house.one.id}: row 4 is missing: the anchor of 2026-03-04 ends there"]


def test_an_object_that_vanished_with_its_head_is_named(house, session):
    house.unguarded()
    session.execute(delete(AuditEvent).where(AuditEvent.subject_id == house.one.id))
    session.execute(delete(AuditHead).where(AuditHead.subject_id == house.one.id))
    assert house.faults() == [f"authority {house.one.id}: row 2 is missing: the anchor of 2026-03-03 ends there"]


def test_what_is_rewritten_since_the_last_anchor_cannot_be_found(house, session):
    """Said plainly in docs/operations.md and on the page."""
    record(session, at=house.now + timedelta(days=4), actor=SYSTEM, event="probe", subject=house.one, after={"day": 4})
    session.commit()
    house.rewrite(since=5)
    assert house.faults(today=date(2026, 3, 6)) == []


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("DELETE FROM audit_anchor WHERE number = 2", "anchor 2 is missing: after it stands that of 2026-03-05"),
        ("DELETE FROM audit_anchor WHERE number = 1", "anchor 1 is missing: after it stands that of 2026-03-04"),
        ("UPDATE audit_anchor SET digest = '0' WHERE number = 2", "the anchor of 2026-03-04 and its file disagree"),
        ("UPDATE audit_anchor SET digest = '0' WHERE number = 2", "the anchor of 2026-03-04 is altered"),
    ],
)
def test_a_missing_or_altered_anchor_is_named(house, session, sql, says):
    house.unguarded()
    session.execute(text(sql))
    assert [line for line in house.faults() if says in line]


def test_the_last_anchor_taken_away_leaves_its_file(house, session):
    house.unguarded()
    session.execute(text("DELETE FROM audit_anchor WHERE number = 3"))
    assert house.faults(today=date(2026, 3, 5)) == ["the anchor of 2026-03-05 is missing: its file is in the store"]


def test_a_missing_and_an_altered_file_are_named(house):
    keys = sorted(house.files)
    del house.files[keys[0]]
    house.files[keys[1]] = house.files[keys[1]].replace(b'"authority"', b'"authoritz"', 1)
    house.files[keys[2]] = b"{}"
    found = house.faults()
    assert found[0] == f"the file of the anchor of 2026-03-03 is missing: {keys[0]}"
    assert found[1] == f"the anchor of 2026-03-04 and its file disagree: {keys[1]}"
    assert found[-1] == f"the file of the anchor of 2026-03-05 is altered: {keys[2]}"


def test_anchors_that_are_no_longer_taken_are_named(house):
    assert house.faults(today=date(2026, 3, 8)) == ["the last anchor is of 2026-03-05: no worker has taken one since"]


def test_a_file_that_the_auditor_kept_shows_what_anchors_and_store_rewritten_together_hide(house, session):
    kept = house.files[sorted(house.files)[1]]
    assert list(verify_kept(session, kept, "kept.json")) == []
    house.rewrite(since=2)
    for anchor in session.scalars(select(AuditAnchor).order_by(AuditAnchor.number)):
        file = anchor_file(session, day=anchor.day, previous=GENESIS)
        house.files[anchor.key], anchor.digest, anchor.previous_digest = file.content, file.digest, GENESIS
    found = list(verify_kept(session, kept, "kept.json"))
    assert found[0].startswith("the anchor of 2026-03-04 has the digest ")
    assert found[1:] == [
        f"authority {house.one.id}: row 4, or one before it, was rewritten after the anchor of 2026-03-04"
    ]


def test_a_kept_file_whose_anchor_is_gone_or_that_is_none_is_told(house, session):
    kept = house.files[sorted(house.files)[2]]
    house.unguarded()
    session.execute(text("DELETE FROM audit_anchor"))
    assert list(verify_kept(session, kept, "k")) == ["the anchor of 2026-03-05 is missing: k says that it was taken"]
    assert list(verify_kept(session, b"[]", "k")) == ["k is not a file of anchors: download it again"]
    assert session.scalar(select(func.count(AuditAnchor.id))) == 0
