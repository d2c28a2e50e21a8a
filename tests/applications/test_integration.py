"""Completing an application: asked once, answered in its term and for what was asked alone, never changed after."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.exc import DatabaseError

from portal.access.policy import Role
from portal.applications import operations
from portal.applications.admissibility import Asked
from portal.applications.checks import broken
from portal.applications.content import content_hash
from portal.applications.models import (
    Application,
    IntegrationAttempt,
    IntegrationItem,
    IntegrationReply,
    IntegrationRequest,
)
from portal.applications.operations.admissibility import StillMending, TermStillOpen
from portal.applications.operations.integration import AskedAlready
from portal.applications.operations.integration_reply import IntegrationClosed, IntegrationIncomplete, NothingAsked
from portal.applications.queries.integration import mendable_of, parity_of
from portal.applications.rules import AdmissibilityPoint, ApplicationStatus
from portal.core.errors import Conflict, IllegalMove, Invalid, NotFound
from portal.core.mail import OutgoingMail
from tests.factories.applications import World
from tests.factories.base import as_actor, make_organisation, make_person, make_staff
from tests.factories.documents import PDF, make_upload

MET = dict.fromkeys((point.value for point in AdmissibilityPoint), True)
AFTER = timedelta(days=11)
HOUR = timedelta(hours=1)


class Mending:
    """A sent application whose term is over, and the officer who checks it."""

    def __init__(self, session, now):
        self.session, self.now = session, now + AFTER
        self.world = World(session, now)
        self.application = self.world.submitted()
        officer = make_staff(session, self.world.authority, Role.OFFICER, now=now)
        self.officer = as_actor(session, officer, now=now)
        mendable = mendable_of(session, self.application)
        self.document = next(each for each in mendable if each.kind == "document").key
        self.declaration = next(each for each in mendable if each.kind == "question").key

    def ask(self, *, keys=None, days=10, at=None, application=None):
        asked = [Asked(key, "Manca la firma.") for key in (keys or [self.document, self.declaration])]
        return operations.ask_integration(
            self.session, application_id=(application or self.application).id, asked=asked,
            reason="Lo statuto non è firmato (art. 5 dell'avviso).", days=days, actor=self.officer, now=at or self.now,
        )  # fmt: skip

    def answer(self, key, *, typed=None, upload=None, at=None):
        at = at or self.now + HOUR
        return operations.answer_item(
            self.session, application_id=self.application.id, key=key, typed=typed, upload=upload,
            actor=self.world.actor, received_at=at, now=at,
        )  # fmt: skip

    def answer_all(self):
        self.answer(self.document, upload=make_upload(PDF + b"\n% firmato", "statuto.pdf"))
        self.answer(self.declaration, typed="yes")

    def send(self, at=None):
        at = at or self.now + HOUR
        return operations.send_integration(
            self.session, application_id=self.application.id, actor=self.world.actor, received_at=at, now=at
        )

    def decide(self, *, at, **changes):
        given: dict[str, Any] = {"is_admissible": True, "checklist": MET, "reason": None}
        return operations.decide_admissibility(
            self.session, application_id=self.application.id, actor=self.officer, now=at, **(given | changes)
        )


@pytest.fixture
def mending(session, now):
    return Mending(session, now)


def statuses(session) -> set[str]:
    session.flush()
    return {status.value for status in session.scalars(select(Application.status))}


def test_a_request_is_registered_mailed_and_stops_the_decision_until_its_term(mending, session):
    request = mending.ask()
    assert statuses(session) == {"integration_requested"}
    assert request.protocol_entry.direction == "outgoing"
    bodies = session.scalars(select(OutgoingMail.body)).all()
    assert any("Manca la firma." in body and "art. 5" in body for body in bodies)
    with pytest.raises(StillMending):
        mending.decide(at=request.last_instant)
    mending.decide(at=request.last_instant + HOUR)
    assert statuses(session) == {"admissible"}, "silence decides nothing: the officer does"


def test_what_is_asked_is_what_the_call_lets_be_mended_once_and_after_the_term(mending):
    with pytest.raises(TermStillOpen):
        mending.ask(at=mending.now - AFTER)
    for keys, days in ((["title"], 10), ([mending.document], 31), ([mending.document], 0)):
        with pytest.raises(Invalid):
            mending.ask(keys=keys, days=days)
    mending.ask()
    with pytest.raises(IllegalMove):
        mending.ask()
    mending.answer_all()
    mending.send()
    with pytest.raises(AskedAlready):
        mending.ask(at=mending.now + 2 * HOUR)


def test_the_answer_is_an_addition_frozen_hashed_and_registered(mending, session):
    mending.ask()
    before = dict(mending.application.submission.content)
    with pytest.raises(IntegrationIncomplete) as refusal:
        mending.send()
    assert set(refusal.value.errors) == {f"item-{mending.document}", f"item-{mending.declaration}"}
    mending.answer_all()
    reply = mending.send()
    assert mending.application.status is ApplicationStatus.SUBMITTED
    assert mending.application.submission.content == before
    assert content_hash(reply.content) == reply.content_sha256 == reply.protocol_entry.sha256
    assert reply.content["adds_to"]["sha256"] == mending.application.submission.content_sha256
    assert {item["key"] for item in reply.content["items"]} == {mending.document, mending.declaration}
    assert mending.send().id == reply.id, "a second click answers with the same number"
    with pytest.raises(NothingAsked):
        mending.answer(mending.declaration, typed="yes")
    assert list(broken(session)) == []


def test_nothing_but_what_was_asked_is_answered(mending):
    mending.ask(keys=[mending.document])
    with pytest.raises(NothingAsked):
        mending.answer(mending.declaration, typed="yes")
    with pytest.raises(Conflict):
        operations.save_answers(
            mending.session, application=mending.application,
            section_key=mending.world.call.design.sections[0].key, typed={"title": "Altro"}, base={},
            actor=mending.world.actor, now=mending.now - AFTER,
        )  # fmt: skip


def test_a_late_answer_is_refused_and_its_attempt_stays(mending, session):
    request = mending.ask()
    mending.answer_all()
    late = request.last_instant + timedelta(microseconds=1)
    with pytest.raises(IntegrationClosed) as refusal:
        mending.send(at=late)
    operations.note_refused_reply(
        session, application_id=mending.application.id, refusal=refusal.value, actor=mending.world.actor,
        received_at=late,
    )  # fmt: skip
    session.flush()
    assert session.scalars(select(IntegrationAttempt)).one().at == late
    assert mending.send(at=request.last_instant).received_at == request.last_instant


def test_more_time_is_given_once_and_never_beyond_thirty_days(mending, session):
    request = mending.ask(days=20)
    first = request.last_instant
    given = {"application_id": mending.application.id, "actor": mending.officer, "now": mending.now + HOUR}
    with pytest.raises(Invalid):
        operations.extend_integration(session, days=11, reason="Ferie", **given)
    operations.extend_integration(session, days=10, reason="Sede chiusa", **given)
    assert request.last_instant >= first + timedelta(days=10)
    with pytest.raises(Conflict):
        operations.extend_integration(session, days=1, reason="Ancora", **given)


def test_the_database_refuses_a_late_answer_and_any_change_after_it(mending, session):
    request = mending.ask()
    mending.answer_all()
    session.flush()
    values = {
        "request_id": request.id, "protocol_entry_id": mending.application.submission.protocol_entry_id,
        "received_at": request.last_instant + HOUR, "accepted_at": request.last_instant + HOUR, "content": {},
        "content_sha256": "0" * 64,
    }  # fmt: skip
    with pytest.raises(DatabaseError, match="late answer"), session.begin_nested():
        session.execute(insert(IntegrationReply).values(values))
    mending.send()
    changes = (
        update(IntegrationItem).values(value={"value": False}), update(IntegrationItem).values(what="Altro"),
        update(IntegrationRequest).values(days=30), update(IntegrationReply).values(content={}),
        text("DELETE FROM integration_item"),
    )  # fmt: skip
    for change in changes:
        with pytest.raises(DatabaseError), session.begin_nested():
            session.execute(change)
    item = {"request_id": request.id, "kind": "document", "key": "altro", "point": "documents"}
    item |= {"label": {}, "what": "b"}
    with pytest.raises(DatabaseError, match="answered request"), session.begin_nested():
        session.execute(insert(IntegrationItem).values(item))


def test_the_same_fault_of_others_is_shown_and_whoever_has_a_conflict_finds_nothing(mending, session, now):
    mending.ask(keys=[mending.document], days=10)
    other = World.again(session, now, mending.world.organisation.id, mending.world.call.id)
    other.owner = make_person(session, now=now)
    other.organisation = make_organisation(session, now=now, owner=other.owner)
    second = other.submitted()
    found = parity_of(session, second, mending.officer, [mending.document], 7)
    assert [each.reference for each in found.asked] == [mending.application.reference]
    assert found.other_terms == [10]
    assert found.is_unequal
    stranger = as_actor(session, make_person(session, now=now), now=now)
    for act in (mending.world.actor, stranger):
        with pytest.raises(NotFound):
            operations.ask_integration(
                session, application_id=second.id, asked=[Asked(mending.document, "x")], reason="x", days=5,
                actor=act, now=mending.now,
            )  # fmt: skip
