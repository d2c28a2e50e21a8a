"""Every night the trail is anchored and verified: once, however many workers there are; a fault reaches people."""

import hashlib

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.core.actor import SYSTEM
from portal.core.audit import AuditAnchor, AuditVerification, record
from portal.core.db import database
from portal.core.jobs import Rounds, run_one
from portal.core.mail import OutgoingMail
from portal.documents.storage import LocalFolder, current_storage
from portal.reporting.trail.jobs import DAY
from tests.engines import both_engines
from tests.factories.base import make_authority, make_staff

NIGHTLY = {"audit.anchor": DAY, "audit.verify": DAY}


@pytest.fixture
def engine(app, store, clock):
    """Two authorities with an auditor each, one of them for both; an administrator."""
    with store() as session:
        bari, lecce = make_authority(session), make_authority(session, code="lecce")
        for authority, role in ((bari, Role.AUDITOR), (lecce, Role.AUDITOR), (bari, Role.ADMINISTRATOR)):
            make_staff(session, authority, role, now=clock())
        record(session, at=clock(), actor=SYSTEM, event="probe", subject=bari)
    with app.app_context():
        yield database.engine


def night(engine, clock, workers: int = 1) -> None:
    """What workers do in a round."""
    for worker in [Rounds(engine, NIGHTLY) for _ in range(workers)]:
        worker.start_due(clock())
        while run_one(engine, clock=clock, owner="w"):
            pass


@both_engines
def test_each_day_gets_one_anchor_whose_digest_reaches_every_auditor(engine, clock):
    night(engine, clock, workers=3)
    clock.advance(days=1)
    night(engine, clock, workers=3)
    with Session(engine) as session:
        first, second = session.scalars(select(AuditAnchor).order_by(AuditAnchor.number)).all()
        assert (second.previous_digest, second.day.isoformat()) == (first.digest, "2026-03-03")
        assert hashlib.sha256(current_storage().get(first.key)).hexdigest() == first.digest
        mails = session.scalars(select(OutgoingMail).where(OutgoingMail.body.contains(first.digest))).all()
        told = {mail.recipient for mail in mails if first.key in mail.body}
        assert len(told) == 2
        assert [row.faults for row in session.scalars(select(AuditVerification))] == [0, 0]


@both_engines
def test_a_fault_found_at_night_is_kept_and_mailed_to_auditors_and_administrators(engine, clock):
    night(engine, clock)
    on = " ON audit_event" if engine.dialect.name == "postgresql" else ""
    with Session(engine) as session:
        session.execute(text(f"DROP TRIGGER audit_event_no_update{on}"))
        session.execute(text("UPDATE audit_event SET event = 'x' WHERE event = 'probe'"))
        session.commit()
    clock.advance(days=1)
    night(engine, clock)
    with Session(engine) as session:
        found = session.scalars(select(AuditVerification).order_by(AuditVerification.at.desc())).first()
        assert found is not None
        assert (found.faults, "is altered" in (found.first_fault or "")) == (1, True)
        about = OutgoingMail.body.contains(found.first_fault)
        assert session.scalar(select(func.count(OutgoingMail.id)).where(about)) == 3


def test_a_store_that_does_not_answer_leaves_no_anchor_and_the_job_comes_again(engine, app, clock, monkeypatch):
    storage = current_storage()
    assert isinstance(storage, LocalFolder)
    monkeypatch.setattr(storage, "folder", storage.folder / "file-in-the-way")
    storage.folder.parent.mkdir(parents=True, exist_ok=True)
    storage.folder.write_text("not a folder")
    Rounds(engine, {"audit.anchor": NIGHTLY["audit.anchor"]}).start_due(clock())
    run_one(engine, clock=clock, owner="w")
    with Session(engine) as session:
        assert session.scalar(select(func.count(AuditAnchor.id))) == 0
    storage.folder.unlink()
    clock.advance(minutes=1)
    run_one(engine, clock=clock, owner="w")
    with Session(engine) as session:
        assert session.scalar(select(func.count(AuditAnchor.id))) == 1
