"""The second factor of the gravest acts is kept by the operations themselves, whichever door led to them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from portal.access.models import RoleGrant
from portal.access.operations import (
    administration,
    bank_details,
    delegations,
    members,
    own_data,
    providers,
    role_decisions,
    roles,
)
from portal.access.policy import FRESH, STRONG, Action, ProofMissing, Role, must_have_proved
from portal.access.rules.own_data import RequestOutcome
from portal.applications.exporting import Format, export_list
from portal.applications.inbox.rules import Wanted
from portal.applications.operations.sign_off import sign_off
from portal.core.actor import ANONYMOUS, SYSTEM, Actor
from portal.evaluation.operations import close_sitting, sign_minutes
from portal.grants.agreements.operations import (
    accept_agreement,
    countersign_agreement,
    countersign_copy,
    return_copy,
    sign_agreement,
)
from portal.grants.changes.operations import ActTyped, end_grant
from portal.ledger.periods.operations import close_month
from portal.ledger.periods.rules import BookMonth
from portal.payments import operations as payments
from portal.payments.batches.operations import Chosen, release_batch
from portal.payments.batches.rules import BatchMode
from portal.payments.closing.operations import ActTyped as ClosingAct
from portal.payments.closing.operations import approve_account
from portal.payments.guarantees.operations import release_guarantee
from portal.payments.irregularities.operations import close_irregularity
from portal.payments.irregularities.rules import IrregularityOutcome
from portal.payments.limits.operations import set_limit
from portal.payments.recoveries.operations import (
    ReceiptTyped,
    RecoveryTyped,
    decide_recovery,
    record_receipt,
    reverse_receipt,
    reverse_recovery,
)
from portal.reporting.trail.operations import take_away
from tests.access.test_providers import DETAILS, SECRET
from tests.factories.base import as_actor, make_application, make_organisation, make_person, make_staff
from tests.factories.closing import account_written
from tests.factories.gated import guarantee, open_irregularity
from tests.factories.grants import a_pdf
from tests.factories.payments import make_finance
from tests.factories.privacy import make_request
from tests.factories.recovering import money_asked_back
from tests.factories.roles import make_administrators, make_proposal, make_staff_invitation
from tests.factories.sittings import convene, keeper, make_commission, open_one

AN_ACCOUNT = ClosingAct("1", None)
A_RECOVERY = RecoveryTyped(UUID(int=1), "1", None, "")
A_RECEIPT = ReceiptTyped("1", date(2026, 1, 1), 1)
AN_ACT = ActTyped("1", None, "")
BY_A_DOOR_ALONE = {Action.FACTORS_MANAGE}
"""One's own factors: `portal/access/operations/factors.py` asks by itself (tests/access/test_factors.py)."""


class Acts:
    """Every operation that needs a second factor, ready to be called by whoever may."""

    def __init__(self, session, now) -> None:
        self.session, self.now = session, now
        self.finance = make_finance(session, now=now)
        self.authority = self.finance.world.authority
        self.first, self.second = make_administrators(session, self.authority, now=now)

    def call(self, operation: Callable[..., Any], person, *, given_at, **given: Any) -> None:
        actor = replace(as_actor(self.session, person, now=self.now), strong_at=given_at)
        operation(self.session, actor=actor, now=self.now, **given)

    def all(self) -> dict[Action, list[Callable[..., Any]]]:
        found: dict[Action, list[Callable[..., Any]]] = {}
        for each in (self.money, self.releasing, self.people, self.papers, self.applications):
            found |= each()
        return found

    def money(self) -> dict[Action, list[Callable[..., Any]]]:
        finance, world, act = self.finance, self.finance.world, self.call
        tranche = finance.release(finance.first)
        finance.order(tranche)
        line = finance.line_of(tranche).id
        account = finance.propose_account()
        asked, come = money_asked_back(finance, self.now)
        where = {"organisation_id": world.association.id}
        order = {"tranche_ids": [tranche.id], "execution_on": self.now.date()}
        return {
            Action.TRANCHE_APPROVE: [
                partial(act, payments.approve_tranche, finance.checker, tranche_id=tranche.id, version_seen=1),
                partial(act, release_batch, finance.checker, chosen=[Chosen(tranche.id, 1)], mode=BatchMode.LINES),
            ],
            Action.PERIOD_CLOSE: [
                partial(act, close_month, finance.checker, authority_id=self.authority.id, month=BookMonth(2026, 1))
            ],
            Action.GRANT_END: [partial(act, end_grant, world.officer, grant_id=finance.grant.id, act=AN_ACT)],
            Action.RECOVERY_DECIDE: [
                partial(act, decide_recovery, world.officer, grant_id=finance.grant.id, typed=A_RECOVERY),
                partial(act, reverse_recovery, world.officer, recovery_id=asked.id, reason="x"),
            ],
            Action.RECOVERY_RECORD: [
                partial(act, record_receipt, finance.maker, recovery_id=asked.id, typed=A_RECEIPT),
                partial(act, reverse_receipt, finance.maker, receipt_id=come.id, reason="x"),
            ],
            Action.PAYMENT_ORDER: [partial(act, payments.order_payments, finance.maker, **order)],
            Action.PAYMENT_RECORD: [
                partial(act, payments.record_paid, finance.maker, line_id=line, paid_on=self.now.date()),
                partial(act, payments.record_failed, finance.maker, line_id=line, reason="AC04"),
            ],
            Action.BANK_DETAILS_PROPOSE: [
                partial(act, bank_details.propose_bank_details, world.owner, iban="x", holder="x", **where)
            ],
            Action.BANK_DETAILS_VERIFY: [
                partial(
                    act, bank_details.verify_bank_details, finance.checker, bank_details_id=account.id, **where
                )
            ],
        }  # fmt: skip

    def releasing(self) -> dict[Action, list[Callable[..., Any]]]:
        finance, day = self.finance, self.now.date()
        back = {"guarantee_id": guarantee(finance).id, "act": "1", "released_on": day}
        limited = {"authority": self.authority, "person_id": None, "cents": 1}
        undone = {"tranche_id": finance.first.id, "reason": "x"}
        opened = open_irregularity(finance).id
        prepared = account_written(finance, self.now).id
        wrong = {"irregularity_id": opened, "outcome": IrregularityOutcome.UNFOUNDED, "words": "x"}
        return {
            Action.TRANCHE_TAKE_BACK: [partial(self.call, payments.take_back_tranche, finance.checker, **undone)],
            Action.CLOSING_APPROVE: [
                partial(self.call, approve_account, finance.checker, account_id=prepared, act=AN_ACCOUNT)
            ],
            Action.IRREGULARITY_CLOSE: [partial(self.call, close_irregularity, finance.world.officer, **wrong)],
            Action.GUARANTEE_RELEASE: [partial(self.call, release_guarantee, finance.checker, **back)],
            Action.RELEASE_LIMIT_SET: [partial(self.call, set_limit, self.first, **limited)],
        }

    def applications(self) -> dict[Action, list[Callable[..., Any]]]:
        world = self.finance.world
        applicant = make_organisation(self.session, now=self.now, owner=world.owner)
        draft = make_application(self.session, world.call, applicant, now=self.now)
        officer = make_staff(self.session, self.authority, Role.OFFICER, now=self.now)
        asked = {"wanted": Wanted(call=world.call.slug), "keys": (), "form": Format.CSV}
        return {
            Action.APPLICATION_EXPORT: [partial(self.call, export_list, officer, **asked)],
            Action.APPLICATION_SIGN: [
                partial(self.call, sign_off, world.owner, application_id=draft.id, seen="", declared=())
            ],
        }

    def people(self) -> dict[Action, list[Callable[..., Any]]]:
        session, now, act = self.session, self.now, self.call
        person, officer = make_person(session, now=now), make_staff(session, self.authority, Role.OFFICER, now=now)
        proposal = make_proposal(session, self.authority, person, by=self.second, now=now)
        asked = make_staff_invitation(session, self.authority, by=self.first, now=now, email="a@b.example")
        day = self.now.date()
        role = {"role": Role.OFFICER, "authority_id": self.authority.id, "last_day": None, "reason": "x", "knows": True}
        absence = {"colleague_id": officer.id, "first_day": day, "last_day": day, "reason": "Ferie"}
        mine = next(iter(session.scalars(grants_of(officer.id))))
        decide = {"proposal_id": proposal.id}
        return {
            Action.ROLE_GRANT: [
                partial(act, roles.give_role, self.first, email=person.email, **role),
                partial(
                    act, administration.invite_staff, self.first, email="c@d.example", authority_id=self.authority.id
                ),
                partial(act, administration.drop_invitation, self.first, invitation_id=asked),
            ],
            Action.ROLE_CONFIRM: [
                partial(act, role_decisions.confirm_role, self.first, **decide),
                partial(act, role_decisions.refuse_role, self.first, reason="no", **decide),
            ],
            Action.ROLE_DELEGATE: [partial(act, delegations.delegate_role, officer, grant_id=mine, **absence)],
            Action.OWNER_APPOINT: [
                partial(
                    act, members.appoint_owner, self.first, organisation_id=self.finance.world.association.id,
                    email=person.email, reason="x",
                )
            ],
        }  # fmt: skip

    def minutes(self) -> Callable[..., Any]:
        session, now = self.session, self.now
        world, _commission = make_commission(session, now=now, applications=0, code="verbali")
        sitting = open_one(session, world, convene(session, world, now=now, starts_at=now), now=now)
        made = close_sitting(session, sitting_id=sitting.id, actor=keeper(session, world, now=now), now=now)
        return partial(self.call, sign_minutes, world.chair, minutes_id=made.id, sha256=made.sha256)

    def papers(self) -> dict[Action, list[Callable[..., Any]]]:
        session, now, act, world = self.session, self.now, self.call, self.finance.world
        guardian = make_staff(session, self.authority, Role.DATA_PROTECTION_OFFICER, now=now)
        request = make_request(session, make_person(session, now=now), self.authority, now=now)
        details = providers.ProviderDetails(**DETAILS)
        return {
            Action.IDENTITY_PROVIDER_EDIT: [
                partial(
                    act, providers.add_provider, self.first, authority_code=self.authority.code, details=details,
                    secret=SECRET, may_be_local=False,
                )
            ],
            Action.AGREEMENT_SIGN: [
                partial(act, sign_agreement, world.owner, grant_id=self.finance.grant.id, upload=a_pdf())
            ],
            Action.AGREEMENT_ACCEPT: [
                partial(act, accept_agreement, world.owner, grant_id=self.finance.grant.id, seen_sha256="")
            ],
            Action.AGREEMENT_COUNTERSIGN: [
                partial(act, countersign_agreement, world.approver, grant_id=self.finance.grant.id),
                partial(act, countersign_copy, world.approver, grant_id=self.finance.grant.id, upload=a_pdf()),
                partial(act, return_copy, world.approver, grant_id=self.finance.grant.id, reason="x"),
            ],
            Action.MINUTES_SIGN: [self.minutes()],
            Action.TRAIL_EXPORT: [
                partial(
                    act, take_away, world.officer, subject_type="grant_award", subject_id=self.finance.grant.id
                )
            ],
            Action.PRIVACY_DECIDE: [
                partial(
                    act, own_data.decide_request, guardian, request_id=request.id, outcome=RequestOutcome.REFUSED,
                    decision="no",
                )
            ],
        }  # fmt: skip


def grants_of(person_id):
    return select(RoleGrant.id).where(RoleGrant.person_id == person_id)


def test_every_operation_of_a_grave_act_wants_the_second_factor_itself(store, now):
    with store() as session:
        acts = Acts(session, now).all()
        assert acts.keys() == (FRESH | STRONG) - BY_A_DOOR_ALONE
        for action, operations in acts.items():
            for operation in operations:
                with pytest.raises(ProofMissing):
                    operation(given_at=None)
                if action in FRESH:
                    with pytest.raises(ProofMissing):
                        operation(given_at=now - timedelta(minutes=10, seconds=1))


@pytest.mark.parametrize("action", sorted(Action))
def test_what_proves_enough_for_an_action(action, now):
    def proves(minutes: int | None, **more: Any) -> bool:
        given = None if minutes is None else now - timedelta(minutes=minutes)
        try:
            must_have_proved(Actor(None, "Ada", strong_at=given, **({"read_at": now} | more)), action)
        except ProofMissing:
            return False
        return True

    assert proves(0)
    assert proves(10)
    assert proves(11) == (action not in FRESH)
    assert proves(None) == (action not in FRESH | STRONG)
    assert proves(0, read_at=None) == (action not in FRESH | STRONG), "whoever was read by nobody proves nothing"
    must_have_proved(SYSTEM, action)
    if action in FRESH | STRONG:
        with pytest.raises(ProofMissing):
            must_have_proved(ANONYMOUS, action)
