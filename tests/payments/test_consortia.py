"""Money for a consortium goes to its lead; whoever belongs to any of its organisations stays away from it."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.models import BankDetails
from portal.access.operations import consortia, invitations, organisations
from portal.access.operations.facts import FactSeen, record_fact
from portal.access.operations.members import KeptApart
from portal.access.policy import Tie
from portal.access.rules import ACCOUNT_RESTS_FOR, FactKind
from portal.calls.rules import GateName
from portal.documents.operations import read_file
from portal.payments.operations.refusals import GatesClosed, PaysOneself
from portal.payments.queries.facts import gates_of
from tests.factories.base import join, make_bank_details, make_organisation, make_person
from tests.factories.members import acting, make_consortium, make_invitation
from tests.factories.payments import IBAN, Finance, make_finance


class Together:
    """A grant of a consortium that the association of the world leads."""

    def __init__(self, session, now) -> None:
        self.finance: Finance = make_finance(session, now=now, ready=False)
        self.lead, self.owner = self.finance.world.association, self.finance.world.owner
        self.partner_owner = make_person(session, now=now)
        self.partner = make_organisation(session, now=now, owner=self.partner_owner)
        self.consortium = make_consortium(session, self.lead, self.owner, (self.partner, self.partner_owner), now=now)
        grant = self.finance.grant
        grant.organisation_id = grant.application.organisation_id = self.consortium.id
        session.flush()
        session.expire_all()
        organisations.know_organisation(
            session, organisation_id=self.consortium.id, authority_id=grant.authority_id, now=now
        )
        self.finance.publish()

    def gate(self, name: GateName) -> bool:
        self.finance.first.gates = [*{*self.finance.first.gates, name.value}]
        gates = gates_of(self.finance.session, self.finance.first, self.finance.now)
        return next(gate.is_open for gate in gates if gate.name is name)

    def change_lead(self) -> None:
        given: dict[str, Any] = {"consortium_id": self.consortium.id, "organisation_id": self.partner.id}
        session, now = self.finance.session, self.finance.now
        consortia.offer_lead(session, **given, **acting(session, self.owner, now))
        consortia.take_lead(session, **given, **acting(session, self.partner_owner, now))


@pytest.fixture
def together(session, now):
    return Together(session, now)


def test_the_lead_is_paid_with_its_account_and_its_code(together):
    finance = together.finance
    assert not together.gate(GateName.IBAN_VERIFIED)
    finance.verify_account()
    assert together.gate(GateName.IBAN_VERIFIED)
    assert together.gate(GateName.INCORPORATED), "a consortium is constituted already"
    order = finance.order(finance.release(finance.first))
    assert order.lines[0].iban == IBAN
    (row,) = list(csv.DictReader(io.StringIO(read_file(order.csv_file).decode("utf-8-sig")), delimiter=";"))
    assert row["codice_fiscale"] == together.lead.fiscal_code


def test_the_certificate_of_the_lead_is_looked_at(together):
    finance = together.finance
    assert not together.gate(GateName.DURC)
    for organisation, is_open in ((together.partner, False), (together.lead, True)):
        record_fact(
            finance.session, organisation_id=organisation.id,
            seen=FactSeen(FactKind.DURC, finance.now.date(), "INPS_1"), **finance.by(finance.world.officer),
        )  # fmt: skip
        assert together.gate(GateName.DURC) is is_open


@pytest.mark.parametrize("how", [Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER])
def test_a_member_of_any_partner_moves_no_money_towards_it(together, how):
    finance = together.finance
    finance.verify_account()
    verified = finance.verify(finance.request(finance.first))
    join(finance.session, finance.maker, together.partner, how, now=finance.now)
    with pytest.raises(PaysOneself):
        finance.propose(verified)


def test_another_lead_is_another_account_that_rests_first(together, session):
    finance = together.finance
    finance.verify_account()
    approved = finance.release(finance.first)
    finance.now += timedelta(minutes=1)
    together.change_lead()
    with pytest.raises(GatesClosed):
        finance.order(approved)
    make_bank_details(
        session, together.partner, by=together.partner_owner, verifier=finance.world.approver, now=finance.now
    )
    account = session.scalars(select(BankDetails).where(BankDetails.organisation_id == together.partner.id)).one()
    account.iban = "IT24D0542811101000000654321"
    session.flush()
    with pytest.raises(GatesClosed):
        finance.order(approved)
    finance.now += ACCOUNT_RESTS_FOR + timedelta(minutes=1)
    assert finance.order(approved).lines[0].iban == "IT24D0542811101000000654321"


def accept(finance, token, person):
    return invitations.accept_invitation(finance.session, token=token, **finance.by(person))


@pytest.mark.parametrize("who", ["maker", "checker"])
def test_whoever_moves_money_does_not_join_who_is_paid_until_it_is_there(session, now, who):
    finance = make_finance(session, now=now)
    person = getattr(finance, who)
    approved = finance.release(finance.first)
    token = make_invitation(session, finance.world.association, finance.world.owner, now=now)
    with pytest.raises(KeptApart, match="P10"):
        accept(finance, token, person)
    finance.order(approved)
    finance.pay(approved)
    accept(finance, token, person)


def test_nor_a_partner_of_the_consortium_that_is_paid(together):
    finance = together.finance
    finance.verify_account()
    finance.release(finance.first)
    token = make_invitation(finance.session, together.partner, together.partner_owner, now=finance.now)
    with pytest.raises(KeptApart):
        accept(finance, token, finance.maker)
