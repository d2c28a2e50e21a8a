"""One unit of work a request: all or nothing, and one effect for one key."""

import io
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import IntegrityError

from portal.core.errors import Conflict, Invalid, Unavailable
from portal.core.jobs import Job, enqueue
from portal.core.unit_of_work import RequestEffect, new_key, reading, refusal_for, unit_of_work, violation
from tests.core.conftest import Probe, on_both


def effects(probe: Probe) -> int:
    """How often the form acted."""
    with probe.app.app_context(), reading() as session:
        return session.scalar(select(func.count(Job.id))) or 0


@on_both
def test_a_second_click_changes_nothing_more_and_leads_where_the_first_one_did(probe: Probe):
    key = new_key()
    first = probe.post("/probe/act", idempotency_key=key, what="a")
    second = probe.post("/probe/act", idempotency_key=key, what="a")
    assert (first.status_code, first.location) == (second.status_code, second.location) == (303, "/probe/done/a")
    assert effects(probe) == 1


@on_both
def test_two_clicks_at_the_same_instant_have_one_effect_and_one_answer(probe: Probe):
    form = {"idempotency_key": new_key(), "what": "a", "pause": "0.2"}
    answers = probe.at_once(form, form, form)
    assert {(a.status_code, a.location) for a in answers} == {(303, "/probe/done/a")}
    assert effects(probe) == 1


@on_both
def test_the_key_of_another_content_is_refused_and_nothing_changes(probe: Probe):
    key = new_key()
    probe.post("/probe/act", idempotency_key=key, what="a")
    assert probe.post("/probe/act", idempotency_key=key, what="b").status_code == 409
    assert probe.post("/probe/refuse/423", idempotency_key=key, what="a").status_code == 409
    assert effects(probe) == 1


def test_another_file_of_the_same_name_is_another_content(probe: Probe):
    key = new_key()
    probe.post("/probe/act", idempotency_key=key, file=(io.BytesIO(b"a"), "a.pdf"))
    assert probe.post("/probe/act", idempotency_key=key, file=(io.BytesIO(b"b"), "a.pdf")).status_code == 409
    assert probe.post("/probe/act", idempotency_key=key, file=(io.BytesIO(b"a"), "a.pdf")).status_code == 303
    assert effects(probe) == 1


@on_both
def test_a_refused_form_can_be_mended_under_the_same_key(probe: Probe):
    key = new_key()
    assert probe.post("/probe/refuse/422", idempotency_key=key).status_code == 422
    assert effects(probe) == 0
    assert probe.post("/probe/act", idempotency_key=key).status_code == 303


@on_both
def test_different_keys_act_each_once(probe: Probe):
    forms = [{"idempotency_key": new_key(), "what": str(n)} for n in range(4)]
    assert {a.status_code for a in probe.at_once(*forms)} == {303}
    assert effects(probe) == 4


@pytest.mark.parametrize("key", ["", "a" * 65, "a\x00b", "'; DROP TABLE job; --", "è"])
def test_a_key_that_no_page_made_is_no_key(probe: Probe, key):
    assert probe.post("/probe/act", idempotency_key=key).status_code == 303
    with probe.app.app_context(), reading() as session:
        assert session.scalars(select(RequestEffect)).all() == []


def test_a_replay_whose_first_click_told_no_address_goes_back_to_its_page(probe: Probe, monkeypatch):
    monkeypatch.setattr("portal.core.unit_of_work.WAITS", 1)
    monkeypatch.setattr("portal.core.web.respond.remember_location", lambda _: None)
    key = new_key()
    probe.post("/probe/act", idempotency_key=key)
    here = {"Referer": "http://localhost/calls/bari?x=1"}
    assert probe.post("/probe/act", here, idempotency_key=key).location == "/calls/bari"
    for elsewhere in ("http://evil.example/a", "http://localhost//evil.example"):
        assert probe.post("/probe/act", {"Referer": elsewhere}, idempotency_key=key).location == "/"
    assert effects(probe) == 1


@on_both
def test_whatever_is_refused_is_rolled_back(probe: Probe):
    assert probe.post("/probe/refuse/423").status_code == 423
    assert effects(probe) == 0


def test_a_value_that_cannot_be_stored_is_a_refusal(session, now):
    with pytest.raises(Invalid), unit_of_work() as work:
        enqueue(work, "probe.effect", now=now).attempts = 2**70


def test_a_database_that_is_gone_is_said_so(session):
    with pytest.raises(Unavailable), unit_of_work():
        create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nowhere").connect()


def test_a_unique_constraint_is_known_by_its_name_on_both_engines(session, now):
    class Twice(Conflict):
        """Only here."""

    violation("uq_request_effect_sender_key", Twice)
    row = {"sender": "a", "key": "b", "fingerprint": "c", "at": now}
    session.add_all([RequestEffect(**row), RequestEffect(**row)])
    with pytest.raises(IntegrityError) as caught:
        session.flush()
    session.rollback()
    assert isinstance(refusal_for(caught.value), Twice)


def test_a_unit_of_work_outside_a_request_needs_no_key(session, now):
    with unit_of_work() as work:
        enqueue(work, "probe.effect", now=now, what=uuid4())
    assert session.scalar(select(func.count(Job.id))) == 1
