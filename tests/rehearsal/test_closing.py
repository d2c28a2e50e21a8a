"""A closed rehearsal is read for ever: whatever belongs to it stays as it is, whoever asks and however."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Update, event, select, update
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, Organisation, Person, RoleGrant, VerifiedFact
from portal.access.operations.retention import apply_retention
from portal.access.rules import FactKind
from portal.access.rules.bank import BankDetailsStatus
from portal.applications.models import Application
from portal.calls.models import Call, Phase, PhaseDeadline
from portal.calls.operations import begin_evaluation
from portal.core.actor import SYSTEM
from portal.core.db import Base
from portal.core.errors import IllegalMove, Refusal
from portal.payments.models import Tranche
from portal.questionnaires.models import Answer
from portal.rehearsal.checks import broken
from portal.rehearsal.guard import WATCHED, RehearsalClosed, keep_closed_rehearsals
from portal.rehearsal.models import Rehearsal
from portal.rehearsal.operations import close_rehearsal
from portal.rehearsal.twin import Troupe
from tests.factories.base import as_actor
from tests.factories.rehearsal import draft_of, rehearse, shipped


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_a_closed_rehearsal_is_read_and_nothing_of_it_changes(session: Session, now: datetime) -> None:
    call = draft_of(session, shipped("venezia-welfare-comunita"), now=now)
    rehearsal = rehearse(session, call, now=now)
    close_rehearsal(session, rehearsal_id=rehearsal.id, actor=SYSTEM, now=now)
    officer = as_actor(session, Troupe(session, rehearsal).person("officer"), now=now)
    assert officer.roles == frozenset()
    for change in changes_of(session, rehearsal):
        with pytest.raises(RehearsalClosed), session.begin_nested():
            change()
    for statement in sweeps_of(rehearsal):
        assert session.execute(statement).rowcount == 0, statement  # type: ignore[attr-defined]
    begin = partial(begin_evaluation, session, phase_id=twin_call(rehearsal).phases[0].id, now=now)
    for actor in (SYSTEM, officer):
        with pytest.raises(Refusal), session.begin_nested():
            begin(actor=actor)
    with pytest.raises(IllegalMove):
        close_rehearsal(session, rehearsal_id=rehearsal.id, actor=SYSTEM, now=now)
    assert list(broken(session)) == []
    later = now + timedelta(days=900)
    apply_retention(session, now=later)
    apply_retention(session, now=later + timedelta(days=40))
    assert not any(person.closed_at for person in session.scalars(select(Person)))
    with without_the_guard():
        for change in changes_of(session, rehearsal):
            with session.begin_nested() as apart:
                change()
                session.flush()
                apart.rollback()
        assert all(session.execute(statement).rowcount for statement in sweeps_of(rehearsal))  # type: ignore[attr-defined]


def twin_call(rehearsal: Rehearsal) -> Call:
    """The call of the twin."""
    assert rehearsal.call is not None
    return rehearsal.call


def changes_of(session: Session, rehearsal: Rehearsal) -> list[Callable[[], object]]:
    """A change of each kind: of the call, of what hangs on it far below, of an applicant, of somebody's rights."""
    call, domain = twin_call(rehearsal), Troupe(session, rehearsal).domain
    application = session.scalars(select(Application).where(Application.call_id == call.id)).first()
    tranche = session.scalars(select(Tranche)).first()
    organisation = session.scalars(select(Organisation).where(Organisation.email.endswith(domain))).first()
    person = session.scalars(select(Person).where(Person.email.endswith(domain))).first()
    assert application is not None
    assert tranche is not None
    assert organisation is not None
    assert person is not None
    account = session.scalars(select(BankDetails).where(BankDetails.status == BankDetailsStatus.VERIFIED)).first()
    mine = select(Person.id).where(Person.email.endswith(domain))
    role = session.scalars(select(RoleGrant).where(RoleGrant.person_id.in_(mine))).first()
    known, phase = FactKind.STATUTE, call.phases[0]
    return [
        lambda: setattr(application, "title", "altro"),
        lambda: session.add(
            Answer(sheet_id=application.sheet_id, key="altro", value={}, version=1, saved_at=call.status_at)),
        lambda: setattr(tranche, "note", "altro"),
        lambda: setattr(tranche.grant, "cup", "J10H18000050001"),
        lambda: setattr(call.phases[0], "name", {"it": "altro", "en": "other"}),
        lambda: setattr(organisation, "name", "altro"),
        lambda: setattr(account, "holder", "altro"),
        lambda: setattr(person, "disabled_at", None),
        lambda: setattr(role, "until", None),
        lambda: session.add(
            VerifiedFact(organisation_id=organisation.id, kind=known, issued_on=call.status_at.date(), source="altro",
                         recorded_at=call.status_at, recorded_by=person.id)),
        lambda: session.add(PhaseDeadline(phase_id=phase.id, sequence=9, **same_deadline(phase))),
        lambda: phase.deadlines.append(PhaseDeadline(sequence=9, **same_deadline(phase))),
    ]  # fmt: skip


def same_deadline(phase: Phase) -> dict[str, Any]:
    """What the last one says."""
    last = phase.deadlines[-1]
    names = ("closes_at", "last_instant", "accepted_until", "zone", "decided_at")
    return {name: getattr(last, name) for name in names}


def sweeps_of(rehearsal: Rehearsal) -> list[Update]:
    """Statements in bulk over rows of all of them, by a model and by its table."""
    return [
        update(Application).values(title="altro"),
        update(Tranche).where(Tranche.note.is_(None)).values(note="altro"),
        update(Organisation).values(name="altro"),
        update(Base.metadata.tables["person"]).values(disabled_at=None),
        update(Phase).where(Phase.call_id == rehearsal.call_id).values(position=7),
    ]


@contextmanager
def without_the_guard() -> Iterator[None]:
    """As if nobody had thought of it."""
    for name, listener in WATCHED:
        event.remove(Session, name, listener)
    try:
        yield
    finally:
        keep_closed_rehearsals()
