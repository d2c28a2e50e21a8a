"""From a final ranking to a milestone accepted: the smallest true worlds for grants, coaching, milestones."""

import io
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Authority, Organisation, Person
from portal.access.policy import Role
from portal.access.rules import LegalForm
from portal.applications.models import Application
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Call
from portal.coaching.models import Engagement
from portal.coaching.operations import engage_coach
from portal.core.actor import Actor
from portal.documents.arrived import Arrived
from portal.evaluation.models import Ranking, RankingRow
from portal.evaluation.rules import RankingStatus
from portal.grants import operations
from portal.grants.agreements import operations as agreements
from portal.grants.checking.operations import CheckTyped
from portal.grants.checking.rules import CheckOutcome, checks_of
from portal.grants.models import Grant
from tests.factories.base import (
    as_actor,
    make_application,
    make_authority,
    make_call,
    make_organisation,
    make_person,
    make_staff,
)
from tests.factories.documents import PDF, make_upload

CUP = "F79D19000030007"
ACT = "DD 145/2026"
FISCAL_CODE = "01199250158"


def a_pdf(name: str = "documento.pdf", content: bytes = PDF) -> Arrived:
    """A file as a form brings it to an operation."""
    return make_upload(content, name)


def sent_pdf(name: str = "documento.pdf", content: bytes = PDF) -> tuple[io.BytesIO, str]:
    """A file as the strict client sends it."""
    return io.BytesIO(content), name


@dataclass
class World:
    """One authority, its staff, a call whose ranking is final, an entity and an informal group that it funds."""

    session: Session
    now: datetime
    authority: Authority
    call: Call
    officer: Person
    approver: Person
    coach: Person
    owner: Person
    leader: Person
    association: Organisation
    group: Organisation
    application: Application
    group_application: Application
    ranking: Ranking
    paths: dict[str, str] = field(default_factory=dict)

    def actor(self, person: Person) -> Actor:
        """The person with the ties of this moment."""
        return as_actor(self.session, person, now=self.now)

    def award(self, application: Application | None = None) -> Grant:
        """The officer awards one grant."""
        return operations.award_grant(
            self.session, application_id=(application or self.application).id, ranking_id=self.ranking.id,
            act_number=ACT, act_date=self.now.date(), actor=self.actor(self.officer), now=self.now,
        )  # fmt: skip

    def make_ready(self, grant: Grant) -> Grant:
        """Check or incorporate the recipient, and record the CUP."""
        officer = self.actor(self.officer)
        if grant.incorporation is None:
            self.check(grant)
        else:
            self.incorporate(grant)
            operations.confirm_incorporation(self.session, grant_id=grant.id, actor=officer, now=self.now)
        operations.record_cup(self.session, grant_id=grant.id, cup=CUP, actor=officer, now=self.now)
        return grant

    def check(self, grant: Grant) -> Grant:
        """The officer records every check and closes the list."""
        officer = self.actor(self.officer)
        for each in checks_of(grant.application.design.award, was_group=grant.incorporation is not None):
            operations.record_check(
                self.session, grant_id=grant.id, key=each.key, actor=officer, now=self.now,
                typed=CheckTyped(CheckOutcome.POSITIVE, self.now.date(), "PG 1/2026"),
            )  # fmt: skip
        return operations.close_checks(self.session, grant_id=grant.id, actor=officer, now=self.now)

    def incorporate(self, grant: Grant, **given: Any) -> None:
        """The group's leader records its legal entity."""
        fields: dict[str, Any] = {
            "name": "Orti in Comune APS", "legal_form": LegalForm.SOCIAL_PROMOTION_ASSOCIATION,
            "fiscal_code": FISCAL_CODE, "incorporated_on": date(2026, 2, 20), "deed": a_pdf("atto.pdf"),
        }  # fmt: skip
        operations.record_incorporation(
            self.session, grant_id=grant.id, actor=self.actor(self.leader), now=self.now, **(fields | given)
        )

    def sign(self, grant: Grant) -> Grant:
        """The agreement is prepared, and signed by the recipient."""
        owner = self.leader if grant.organisation_id == self.group.id else self.owner
        agreements.prepare_agreement(self.session, grant_id=grant.id, actor=self.actor(self.officer), now=self.now)
        agreements.sign_agreement(
            self.session, grant_id=grant.id, upload=a_pdf("firmata.pdf"), actor=self.actor(owner), now=self.now
        )
        return grant

    def activate(self, application: Application | None = None) -> Grant:
        """A grant whose agreement is in force."""
        return self.countersign(self.sign(self.make_ready(self.award(application))))

    def countersign(self, grant: Grant) -> Grant:
        """The city signs too: the project begins."""
        agreements.countersign_agreement(self.session, grant_id=grant.id, actor=self.actor(self.approver), now=self.now)
        return grant

    def engage(self) -> Engagement:
        """The officer gives the association its coach, from two months ago on."""
        return engage_coach(
            self.session, application_id=self.application.id, coach_id=self.coach.id,
            starts_on=(self.now - timedelta(days=61)).date(), actor=self.actor(self.officer), now=self.now,
        )  # fmt: skip


def make_world(
    session: Session, *, now: datetime, final: bool = True, awarded_cents: int = 2_000_000, **call_given: Any
) -> World:
    """The world as the commission leaves it."""
    authority = make_authority(session)
    people: dict[str, Any] = {
        "officer": make_staff(session, authority, Role.OFFICER, now=now, name="Rosa Sala"),
        "approver": make_staff(session, authority, Role.FINANCE_APPROVER, now=now, name="Aldo Neri"),
        "coach": make_staff(session, authority, Role.COACH, now=now, name="Carla Conti"),
        "owner": make_person(session, now=now, name="Marta Bianchi"),
        "leader": make_person(session, now=now, name="Gino Verdi"),
    }
    call = make_call(session, authority, now=now, closes=timedelta(days=-5), opens=timedelta(days=-40), **call_given)
    association = make_organisation(session, now=now, owner=people["owner"], name="Associazione Il Ponte")
    group = make_organisation(session, now=now, owner=people["leader"], informal=True, name="Orti in Comune")
    funded: dict[str, Any] = {"status": ApplicationStatus.FUNDED, "now": now}
    application = make_application(session, call, association, title="Laboratorio aperto", **funded)
    group_application = make_application(session, call, group, title="Orti di quartiere", **funded)
    ranking = make_ranking(session, call, [application, group_application], now=now, final=final, cents=awarded_cents)
    return World(
        session=session, now=now, authority=authority, call=call, association=association, group=group,
        application=application, group_application=group_application, ranking=ranking, **people,
    )  # fmt: skip


def make_ranking(
    session: Session, call: Call, applications: list[Application], *, now: datetime, final: bool, cents: int
) -> Ranking:
    """A ranking that funds these applications, in this order."""
    ranking = Ranking(
        authority_id=call.authority_id, call_id=call.id, phase_id=call.phases[0].id, version=1, computed_at=now,
        status=RankingStatus.FINAL if final else RankingStatus.PROVISIONAL, status_at=now, input_document={},
        input_sha256="0" * 64, output_document={}, output_sha256="0" * 64, provisional_at=now,
        final_at=now if final else None,
    )  # fmt: skip
    session.add(ranking)
    session.flush()
    for place, application in enumerate(applications, 1):
        session.add(
            RankingRow(
                ranking_id=ranking.id, application_id=application.id, line_number=place, position=place,
                organisation_name=application.organisation.name,
                total_hundredths=9000 - place, outcome="funded", requested_cents=application.requested_cents,
                awarded_cents=cents, cumulative_cents=cents * place, detail={"line": "main"},
            )
        )  # fmt: skip
    session.flush()
    return ranking
