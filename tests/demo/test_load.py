"""The demonstration is built by the operations people use: it is whole, true, and notices when it is touched."""

from collections import Counter
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.access.models import Person, RoleGrant, Totp
from portal.access.rules.second_factor import step_of
from portal.applications.models import Application
from portal.applications.queries import open_draft
from portal.calls.models import Call, CallDelivery
from portal.calls.queries.publication import documents_of, events_of, questions_for_the_office
from portal.calls.rules.publication import CallEventKind
from portal.coaching.maturity.queries import grown
from portal.coaching.maturity.signals import WarningKind
from portal.coaching.maturity.stages import Stage
from portal.coaching.models import CoachingSession, EarlyWarning
from portal.core.audit import verify
from portal.core.db import database
from portal.core.errors import Conflict, NotFound
from portal.demo.booking import CLOSED
from portal.demo.load import ACCOUNTS, code_of, sign_ins
from portal.demo.people import app_key
from portal.demo.securing import LIMIT
from portal.evaluation.models import Ranking
from portal.grants.models import Grant
from portal.grants.rules import GrantStatus
from portal.ledger.periods.models import AccountingPeriod
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.rules import CostReportStatus
from portal.milestones.models import Milestone
from portal.milestones.progress.models import MilestoneForecast
from portal.milestones.rules import MilestoneStatus
from portal.payments.batches.models import ReleaseBatchLine
from portal.payments.batches.rules import LineOutcome
from portal.payments.guarantees.models import Guarantee
from portal.payments.guarantees.rules import GuaranteeStatus
from portal.payments.irregularities.models import Irregularity
from portal.payments.limits.models import ReleaseLimit
from portal.payments.models import PaymentLine, Tranche
from portal.payments.recoveries.models import Recovery
from portal.payments.rules import TrancheStatus
from portal.payments.taxes.models import TaxDebtCheck
from portal.payments.taxes.rules import DebtOutcome
from portal.reporting.invariants import broken_invariants
from tests.conftest import NOW
from tests.engines import Portals, hand_out
from tests.factories.demonstration import PASSWORD, in_the_demonstration
from tests.factories.second_factor import app_code


@pytest.fixture(scope="module")
def city(portals: Portals) -> Flask:
    """The demonstration, for this file."""
    return in_the_demonstration(portals, portals.fresh("sqlite", "city"))


@pytest.fixture
def loaded(city: Flask) -> Iterator[Session]:
    """A session over it; what a test alters is rolled back."""
    with city.app_context(), Session(database.engine) as session:
        hand_out(session)
        yield session
        session.rollback()


def test_three_calls_stand_in_three_phases_of_life(loaded: Session) -> None:
    found = {call.slug: call.phases[0].is_open(NOW) for call in loaded.scalars(select(Call))}
    assert found == {"bari-urbis": False, "venezia-welfare-comunita": False, "torino-prossimita-2026": True}
    assert [ranking.status.value for ranking in loaded.scalars(select(Ranking))] == ["final"]


def test_the_open_call_has_papers_answers_one_question_that_waits_and_an_extension_everybody_heard_of(
    loaded: Session,
) -> None:
    call = loaded.scalars(select(Call).where(Call.slug == "torino-prossimita-2026")).one()
    assert len(documents_of(loaded, call.id)) == 2
    assert [question.waits for question, _name in questions_for_the_office(loaded, call)] == [True, False, False]
    assert call.takes_questions(NOW)
    [extension] = [event for event in events_of(loaded, call) if event.kind is CallEventKind.EXTENDED]
    told = select(func.count(CallDelivery.id)).where(CallDelivery.event_id == extension.id)
    assert (loaded.scalar(told) or 0) >= 20


def test_sixty_applications_have_titles_of_their_own(loaded: Session) -> None:
    titles = list(loaded.scalars(select(Application.title)))
    assert len(titles) == 60
    assert len({title for title in titles if title}) >= 54


def test_the_open_call_shows_declarations_stamp_confirmation_and_computed_costs(loaded: Session) -> None:
    of_turin = select(Application).join(Call).where(Call.slug == "torino-prossimita-2026").order_by(Application.id)
    rows = loaded.scalars(of_turin).all()
    for content in (each.submission.content for each in rows if each.submission):
        assert len(content["declarations"]) == 3
        assert content["stamp_duty"]["exemption"] == "third_sector"
        assert content["sign_off"]["by"]["name"]
        computed = [row for part in content["sections"] for each in part["answers"] if each["key"] == "cost_plan"
                    for row in each["value"] if "base" in row.get("_by", {})]  # fmt: skip
        assert [row["category"] for row in computed] == ["indirect"]
    ready = next(each for each in rows if each.organisation.name.startswith("Fondazione Dora"))
    assert ready.is_draft
    assert open_draft(loaded, ready).assessment.is_clear, "whoever signs in as applicant-2 only confirms and sends"


def test_every_state_of_a_tranche_and_of_a_milestone_is_there(loaded: Session) -> None:
    tranches = Counter(loaded.scalars(select(Tranche.status)))
    assert set(tranches) == set(TrancheStatus)
    milestones = Counter(loaded.scalars(select(Milestone.status)))
    assert {
        MilestoneStatus.ACCEPTED,
        MilestoneStatus.PLANNED,
        MilestoneStatus.REPORTED,
        MilestoneStatus.RETURNED,
    } <= set(milestones)
    assert {"confirmed", "held", "disputed"} <= {row.status.value for row in loaded.scalars(select(CoachingSession))}


def test_finance_finds_guarantees_limits_checks_a_batch_a_refusal_and_what_comes_back(
    loaded: Session,
) -> None:
    assert set(loaded.scalars(select(CostReport.status))) == set(CostReportStatus)
    assert set(loaded.scalars(select(Guarantee.status))) == {GuaranteeStatus.RECORDED, GuaranteeStatus.VERIFIED}
    assert set(loaded.scalars(select(TaxDebtCheck.outcome))) == set(DebtOutcome)
    assert set(loaded.scalars(select(ReleaseBatchLine.outcome))) == set(LineOutcome)
    assert loaded.scalars(select(ReleaseLimit.cents)).all() == [LIMIT]
    assert loaded.scalars(select(PaymentLine.reason_code).where(PaymentLine.reason_code.is_not(None))).all() == ["AC04"]
    recovery = loaded.scalars(select(Recovery)).one()
    assert (len(recovery.instalments), len(recovery.receipts), recovery.is_open) == (6, 1, True)
    assert {each.is_open for each in loaded.scalars(select(Irregularity))} == {True, False}
    assert loaded.scalar(select(func.count(AccountingPeriod.id))) == CLOSED
    assert loaded.scalar(select(func.count(MilestoneForecast.id)))


def test_teams_under_way_stand_at_their_stage_and_every_warning_is_there(loaded: Session) -> None:
    grants = loaded.scalars(select(Grant).where(Grant.status == GrantStatus.ACTIVE)).all()
    assert {each.standing.stage for each in grown(loaded, grants).values()} >= {Stage.CONSTITUTED, Stage.OPERATING}
    assert set(loaded.scalars(select(EarlyWarning.kind))) == set(WarningKind)


def test_every_printed_account_exists(loaded: Session) -> None:
    addresses = set(loaded.scalars(select(Person.email)))
    assert all(f"{account}@demo.vivaio.example" in addresses for account in ACCOUNTS)
    assert PASSWORD in sign_ins(PASSWORD)[0]


def test_a_code_is_told_for_staff_and_never_one_that_was_used(loaded: Session) -> None:
    first = code_of(loaded, "officer", NOW)
    officer = loaded.scalars(select(Person).where(Person.email == "officer@demo.vivaio.example")).one()
    assert first == app_code(NOW, key=app_key(PASSWORD, officer.email))
    app = loaded.scalars(select(Totp).where(Totp.person_id == officer.id)).one()
    app.last_step = step_of(NOW)
    assert code_of(loaded, "officer", NOW) == app_code(NOW, step=1, key=app_key(PASSWORD, officer.email))
    app.last_step += 1
    with pytest.raises(Conflict):
        code_of(loaded, "officer", NOW)
    for nobody in ("applicant", "nobody"):
        with pytest.raises(NotFound):
            code_of(loaded, nobody, NOW)


def test_everybody_with_a_staff_role_has_an_app(loaded: Session) -> None:
    without = select(RoleGrant.id).where(RoleGrant.person_id.not_in(select(Totp.person_id)))
    assert loaded.scalars(without).all() == []


def test_every_invariant_holds_and_the_trail_verifies(loaded: Session) -> None:
    assert list(broken_invariants(loaded)) == []
    assert list(verify(loaded)) == []


@pytest.mark.parametrize(
    ("triggers", "alteration", "named"),
    [
        (
            ["audit_event_no_update"],
            "UPDATE audit_event SET actor_roles = 'auditor' WHERE event = 'call.publish'",
            "call",
        ),
        (["ledger_entry_no_update"], "UPDATE ledger_entry SET amount_cents = amount_cents + 1", "ledger"),
        (["tranche_frozen"], "UPDATE tranche SET amount_cents = amount_cents + 100 WHERE status = 'paid'", "payments"),
    ],
)
def test_one_altered_row_is_found(loaded: Session, triggers: list[str], alteration: str, named: str) -> None:
    for trigger in triggers:
        loaded.execute(text(f"DROP TRIGGER {trigger}"))
    loaded.execute(text(alteration))
    assert any(named in line for line in broken_invariants(loaded))
