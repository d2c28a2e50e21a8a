"""From a grant under way to money at the bank: the people of finance, and one way to walk each step."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.models import BankDetails, Person
from portal.access.operations import bank_details, facts, organisations
from portal.access.policy import Role, Tie
from portal.access.rules import FactKind
from portal.applications.models import Application
from portal.coaching.models import CoachingSession
from portal.coaching.rules import SessionMode, SessionStatus
from portal.core.actor import Actor
from portal.core.events import announce
from portal.documents.operations import store_bytes
from portal.grants.models import Agreement, Grant
from portal.grants.operations import publish_grant
from portal.grants.rules import ACTIVATE, GrantActivated, local_day
from portal.milestones.models import Milestone
from portal.milestones.rules import MilestoneStatus
from portal.payments import operations
from portal.payments.models import PaymentLine, PaymentOrder, Tranche
from tests.factories.base import join, make_bank_details, make_staff
from tests.factories.documents import PDF
from tests.factories.grants import World, make_world

IBAN = "IT60X0542811101000000123456"
OTHER_IBAN = "DE89370400440532013000"


@dataclass
class Finance:
    """The world of a grant, with maker and checkers."""

    world: World
    grant: Grant
    maker: Person
    checker: Person

    @property
    def session(self) -> Session:
        """The session everything is written in."""
        return self.world.session

    @property
    def now(self) -> datetime:
        """The instant of every step."""
        return self.world.now

    @now.setter
    def now(self, instant: datetime) -> None:
        self.world.now = instant

    def actor(self, person: Person) -> Actor:
        """The person with the ties of this moment."""
        return self.world.actor(person)

    def by(self, person: Person) -> dict[str, Any]:
        """What every operation is given."""
        return {"actor": self.actor(person), "now": self.now}

    @property
    def tranches(self) -> list[Tranche]:
        """The tranches of the grant, in order."""
        query = select(Tranche).where(Tranche.grant_id == self.grant.id).order_by(Tranche.number)
        return list(self.session.scalars(query))

    @property
    def first(self) -> Tranche:
        """The advance: it waits for no milestone."""
        return self.tranches[0]

    # ---- the gates ----

    def publish(self) -> None:
        """The officer publishes the award (art. 26)."""
        publish_grant(self.session, grant_id=self.grant.id, **self.by(self.world.officer))

    def verify_account(self) -> None:
        """A first account, verified by two people."""
        make_bank_details(
            self.session, self.world.association, by=self.world.owner, verifier=self.world.approver, now=self.now
        )

    def propose_account(self, iban: str = OTHER_IBAN) -> BankDetails:
        """The recipient asks for a change of account."""
        return bank_details.propose_bank_details(
            self.session, organisation_id=self.grant.organisation_id, iban=iban, holder="Associazione Il Ponte",
            **self.by(self.world.owner),
        )  # fmt: skip

    def confirm_account(self, row: BankDetails) -> None:
        """Finance verifies it."""
        bank_details.verify_bank_details(
            self.session, organisation_id=row.organisation_id, bank_details_id=row.id, **self.by(self.checker)
        )

    def record_durc(self, issued_on: date | None = None) -> None:
        """The office records a certificate."""
        facts.record_fact(
            self.session, organisation_id=self.grant.organisation_id,
            seen=facts.FactSeen(FactKind.DURC, issued_on or self.now.date(), "INPS_1"), **self.by(self.world.officer),
        )  # fmt: skip

    def accept_milestones(self) -> None:
        """Every milestone of the plan is done."""
        for milestone in self.session.scalars(select(Milestone).where(Milestone.grant_id == self.grant.id)):
            milestone.status = MilestoneStatus.ACCEPTED
        self.session.flush()

    def confirm_coaching(self, minutes: int = 400) -> None:
        """The team confirmed its coach's session."""
        engagement, ends = self.world.engage(), self.now - timedelta(days=1)
        self.session.add(
            CoachingSession(
                authority_id=engagement.authority_id, engagement_id=engagement.id, coach_id=engagement.coach_id,
                starts_at=ends - timedelta(minutes=minutes), ends_at=ends, minutes=minutes, mode=SessionMode.REMOTE,
                summary="Il piano dei primi mesi.", logged_at=self.now, status=SessionStatus.CONFIRMED,
                status_at=self.now, answered_by=self.world.owner.id,
            )
        )  # fmt: skip
        self.session.flush()

    # ---- the path ----

    def request(self, tranche: Tranche) -> Tranche:
        """The recipient asks."""
        return operations.request_tranche(self.session, tranche_id=tranche.id, **self.by(self.world.owner))

    def verify(self, tranche: Tranche) -> Tranche:
        """The officer verifies."""
        return operations.verify_tranche(self.session, tranche_id=tranche.id, **self.by(self.world.officer))

    def propose(self, tranche: Tranche) -> Tranche:
        """The maker proposes."""
        return operations.propose_tranche(self.session, tranche_id=tranche.id, **self.by(self.maker))

    def approve(self, tranche: Tranche, version: int | None = None, by: Person | None = None) -> Tranche:
        """The checker approves the version seen."""
        seen = tranche.version if version is None else version
        return operations.approve_tranche(
            self.session, tranche_id=tranche.id, version_seen=seen, **self.by(by or self.checker)
        )

    def propose_all_the_way(self, tranche: Tranche) -> Tranche:
        """Asked, verified, proposed."""
        return self.propose(self.verify(self.request(tranche)))

    def release(self, tranche: Tranche) -> Tranche:
        """Asked, verified, proposed, approved."""
        return self.approve(self.propose_all_the_way(tranche))

    def order(self, *tranches: Tranche, by: Person | None = None, on: date | None = None) -> PaymentOrder:
        """The maker makes the payment file; a payment that failed is sent again by somebody else."""
        ids = [tranche.id for tranche in tranches]
        again = any(tranche.vouched_by == self.maker.id for tranche in tranches)
        person = by or (self.checker if again else self.maker)
        return operations.order_payments(
            self.session, tranche_ids=ids, execution_on=on or local_day(self.now), **self.by(person)
        )

    def line_of(self, tranche: Tranche) -> PaymentLine:
        """The newest line of a tranche."""
        query = select(PaymentLine).where(PaymentLine.tranche_id == tranche.id).order_by(PaymentLine.id.desc())
        found = self.session.scalars(query).first()
        assert found is not None
        return found

    def pay(self, tranche: Tranche, line_id: UUID | None = None) -> Tranche:
        """The bank paid today."""
        return operations.record_paid(
            self.session,
            line_id=line_id or self.line_of(tranche).id,
            paid_on=local_day(self.now),
            **self.by(self.maker),
        )

    def fail(self, tranche: Tranche, reason: str = "AC04: conto chiuso", line_id: UUID | None = None) -> Tranche:
        """The bank did not pay."""
        return operations.record_failed(
            self.session, line_id=line_id or self.line_of(tranche).id, reason=reason, **self.by(self.maker)
        )


def make_finance(
    session: Session, *, now: datetime, ready: bool = True, awarded_cents: int = 2_000_000, **call_given: Any
) -> Finance:  # fmt: skip
    """A grant under way; `ready`: published and with a verified account, so that the advance can be asked for."""
    world = make_world(session, now=now, awarded_cents=awarded_cents, **call_given)
    maker = make_staff(session, world.authority, Role.FINANCE_MAKER, now=now, name="Rita Sala")
    checker = make_staff(session, world.authority, Role.FINANCE_APPROVER, now=now, name="Ugo Lai")
    finance = Finance(world, put_under_way(world, world.application), maker, checker)
    organisations.know_organisation(
        session, organisation_id=world.association.id, authority_id=world.authority.id, now=now
    )
    if ready:
        finance.publish()
        finance.verify_account()
    return finance


def put_under_way(world: World, application: Application) -> Grant:
    """An award whose agreement is in force; its PDF is not drawn (the tests of grants do that)."""
    session, now = world.session, world.now
    grant = world.make_ready(world.award(application))
    actor = world.actor(world.officer)
    file = store_bytes(session, name="convenzione.pdf", media_type="application/pdf", content=PDF, actor=actor, now=now)
    session.flush()
    session.add(
        Agreement(
            grant_id=grant.id, version=1, file_id=file.id, prepared_by=world.officer.id, prepared_at=now,
            signed_file_id=file.id, signed_by=world.owner.id, signed_at=now, countersigned_by=world.approver.id,
            countersigned_at=now,
        )
    )  # fmt: skip
    grant.make(ACTIVATE, at=now)
    grant.starts_on, grant.ends_on = now.date(), now.date() + timedelta(days=365)
    session.flush()
    announce(session, GrantActivated(grant_id=grant.id, at=now))
    session.refresh(grant)
    return grant


def make_member(finance: Finance, person: Person) -> None:
    """Somebody of staff joins the recipient."""
    join(finance.session, person, finance.world.association, Tie.VIEWER, now=finance.now)
