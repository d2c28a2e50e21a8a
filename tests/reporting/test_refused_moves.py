"""A refused money move is recorded in the history of its object, after the rollback, whoever refuses it."""

from dataclasses import replace

import pytest
from flask import g
from sqlalchemy import func, select

from portal.access.models import WebSession
from portal.access.policy import Action
from portal.core.audit import AuditEvent, verify
from portal.core.errors import Conflict
from portal.core.unit_of_work import unit_of_work
from portal.ledger.models import LedgerEntry
from portal.ledger.rules import PostingKind
from portal.payments.models import Tranche
from tests.engines import both_engines
from tests.factories.base import as_actor, sign_in
from tests.factories.payments import make_finance


@pytest.fixture
def finance(store, now):
    """A tranche proposed for payment; what the test asks for, by name."""
    with store() as session:
        made = make_finance(session, now=now)
        made.propose_all_the_way(made.first)
        made.world.paths = {"tranche": str(made.first.id), "approve": f"/tranches/{made.first.id}/approve",
                            "checker": made.checker.email, "maker": made.maker.email}  # fmt: skip
    return made


def refusals(session, finance) -> list[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.event.startswith("refused "), AuditEvent.subject_type == "tranche")
    return list(session.scalars(query.order_by(AuditEvent.sequence)))


def said(row: AuditEvent) -> tuple[str, str]:
    """The address that was asked, and the refusal."""
    assert row.after is not None
    return row.after["path"], row.after["refusal"]


@both_engines
def test_what_an_operation_refuses_is_recorded_with_its_object_and_changes_nothing(page, finance, store):
    sign_in(page, finance.world.paths["checker"])
    page.post(finance.world.paths["approve"], 409, version="999")
    with store() as session:
        [row] = refusals(session, finance)
        assert (str(row.subject_id), row.actor_id, row.actor_roles) == (
            finance.world.paths["tranche"], finance.checker.id, "finance_approver",
        )  # fmt: skip
        assert (row.event, row.authority_id) == ("refused tranche.approve", finance.world.authority.id)
        assert said(row) == (finance.world.paths["approve"], "ChangedSinceSeen")
        assert row.reason
        assert row.request_id
        assert list(verify(session)) == []
        assert session.scalars(select(Tranche.status).where(Tranche.id == row.subject_id)).one() == "proposed"


@both_engines
def test_what_the_door_refuses_is_recorded_too(page, finance, store):
    sign_in(page, finance.world.paths["maker"])
    page.post(finance.world.paths["approve"], 403, version="1")
    with store() as session:
        [row] = refusals(session, finance)
        assert (row.actor_id, said(row)[1]) == (finance.maker.id, "Forbidden")


@both_engines
def test_what_the_database_refuses_is_recorded_after_the_rollback(app, page, finance, store, now):
    """A CHECK says no in the middle of the transaction: its rows go, the record of the refusal stays."""
    sign_in(page, finance.world.paths["checker"])
    with store() as session:
        sign_in_id = session.scalars(select(WebSession.id)).first()
        entry = session.scalars(select(LedgerEntry)).first()
        values = {name: getattr(entry, name) for name in ("debit_id", "credit_id", "subject_type", "subject_id", "at")}
        before = session.scalar(select(func.count(LedgerEntry.id)))
        actor = replace(as_actor(session, finance.checker, now=now), session_id=sign_in_id)
    with app.test_request_context(finance.world.paths["approve"], method="POST"):
        g.actor, g.declared_action = actor, Action.TRANCHE_APPROVE
        with pytest.raises(Conflict), unit_of_work() as session:
            session.add(LedgerEntry(**values, posting=PostingKind.AWARDED, amount_cents=0))
    with store() as session:
        [row] = refusals(session, finance)
        assert (str(row.subject_id), said(row)[1]) == (finance.world.paths["tranche"], "Conflict")
        assert session.scalar(select(func.count(LedgerEntry.id))) == before
        assert list(verify(session)) == []


@both_engines
def test_a_refusal_about_nothing_that_exists_is_kept_with_the_sign_in(page, finance, store):
    sign_in(page, finance.world.paths["checker"])
    page.post("/tranches/01950000-0000-7000-8000-000000000000/approve", 404, version="1")
    with store() as session:
        row = session.scalars(select(AuditEvent).where(AuditEvent.event == "refused tranche.approve")).one()
        assert (row.subject_type, row.actor_id) == ("refusal", finance.checker.id)
