"""What was found wrong in a grant: payments stop, the recipient is heard, another person says how it ended."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from portal.access.policy import Role
from portal.calls.rules import GateName
from portal.core.actor import SYSTEM
from portal.core.audit.models import AuditEvent
from portal.core.errors import Forbidden, Invalid, NotFound, Refusal
from portal.core.mail import OutgoingMail
from portal.documents.operations import store_bytes
from portal.grants.apart import OwnOrganisation, TwoPeople
from portal.grants.rules import local_day
from portal.notices.models import Notice
from portal.payments.irregularities import checks, operations
from portal.payments.irregularities.models import Irregularity, IrregularityStep
from portal.payments.irregularities.refusals import (
    ClosedAlready,
    NothingRecovered,
    NothingToReport,
    RecoveryStands,
    StillHeard,
    StillOpen,
)
from portal.payments.irregularities.register import Wanted, Which, counted, registered
from portal.payments.irregularities.rules import IrregularityKind, IrregularityOutcome, StepKind
from portal.payments.operations.refusals import GatesClosed
from portal.payments.queries import gates_of
from portal.payments.recoveries.operations import reverse_recovery
from tests.factories.base import make_person, make_staff
from tests.factories.documents import PDF
from tests.factories.gated import RULES, make_gated, template
from tests.factories.payments import Finance, make_finance, make_member
from tests.factories.recovering import decide

Ended = IrregularityOutcome


@pytest.fixture
def finance(session, now):
    """A grant whose advance can be asked for, and whose call says nothing of irregularities."""
    return make_finance(session, now=now)


def wrong(finance: Finance, by=None, **given) -> Irregularity:
    typed = operations.IrregularityTyped(IrregularityKind.COSTS, local_day(finance.now), "Una fattura non torna.")
    return operations.open_irregularity(
        finance.session, grant_id=finance.grant.id, typed=replace(typed, **given),
        **finance.by(by or finance.world.officer),
    )  # fmt: skip


def reply(finance: Finance, row: Irregularity, words: str = "Ecco la fattura.", **given) -> Irregularity:
    return operations.reply_to_irregularity(
        finance.session, irregularity_id=row.id, words=words, **given, **finance.by(finance.world.owner)
    )


@pytest.fixture
def another(finance):
    """A second officer."""
    return make_staff(finance.session, finance.world.authority, Role.OFFICER, now=finance.now, name="Ivo Gatto")


def close(finance: Finance, row: Irregularity, by, outcome=Ended.UNFOUNDED, words="Era giusta.") -> Irregularity:
    return operations.close_irregularity(
        finance.session, irregularity_id=row.id, outcome=outcome, words=words, **finance.by(by)
    )


def refused(finance: Finance, kind, key, **values) -> str:
    """What the database says to such a change."""
    with pytest.raises(DBAPIError) as error, finance.session.begin_nested():
        finance.session.execute(update(kind).where(kind.id == key).values(**values))
    return str(error.value)


def test_payments_stop_at_once_also_where_the_call_does_not_ask_for_the_gate(finance, another):
    assert all(GateName.NO_IRREGULARITY.value not in each.gates for each in finance.tranches)
    finance.propose_all_the_way(finance.first)
    row = wrong(finance)
    with pytest.raises(GatesClosed) as refused:
        finance.approve(finance.first)
    assert [gate.name for gate in refused.value.gates] == [GateName.NO_IRREGULARITY]
    close(finance, row, another)
    approved = finance.approve(finance.first)
    again = operations.open_again(
        finance.session, irregularity_id=row.id, words="Altro documento.", **finance.by(finance.world.officer)
    )
    with pytest.raises(GatesClosed):
        finance.order(approved)
    assert again.is_open


def test_the_declared_gate_stands_once(session, now):
    finance = make_gated(session, now=now, tranches=(template("all", 100, GateName.NO_IRREGULARITY),))
    wrong(finance)
    names = [gate.name for gate in gates_of(session, finance.first, now)]
    assert names.count(GateName.NO_IRREGULARITY) == 1


def test_the_recipient_is_told_in_its_inbox_and_by_mail_what_it_can_do(finance):
    row = wrong(finance)
    told = finance.session.scalars(select(Notice).where(Notice.person_id == finance.world.owner.id)).all()
    assert f"/irregularities/{row.id}" in {each.path for each in told}
    mail = finance.session.scalars(
        select(OutgoingMail).where(OutgoingMail.recipient == finance.world.owner.email)
    ).all()
    assert f"/irregularities/{row.id}" in mail[-1].body
    assert row.reply_by == local_day(finance.now) + timedelta(days=15)


def test_what_the_union_pays_above_the_threshold_is_to_be_reported(session, now):
    rules = replace(RULES, eu_share=Decimal(60), irregularity_report_above=Decimal(6000))
    finance = make_gated(session, now=now, tranches=(template("all", 100),), rules=rules)
    below, above = wrong(finance, cents=1_000_000), wrong(finance, cents=1_000_100)
    assert (below.eu_cents, below.report_by) == (600_000, None)
    assert above.eu_cents == 600_060
    assert above.report_by is not None
    assert above.report_by > above.found_on
    given = {"reference": "IMS 1", "reported_on": local_day(now), **finance.by(finance.maker)}
    with pytest.raises(NothingToReport):
        operations.report_irregularity(session, irregularity_id=below.id, **given)
    with pytest.raises(Invalid):
        operations.report_irregularity(
            session, irregularity_id=above.id, **(given | {"reported_on": local_day(now) + timedelta(days=1)})
        )
    actor = finance.actor(finance.world.officer)
    assert registered(session, actor, Wanted(Which.TO_REPORT)) == [above]
    operations.report_irregularity(session, irregularity_id=above.id, **given)
    assert counted(session, actor, None) == {Which.OPEN: 2, Which.TO_REPORT: 0, Which.CLOSED: 0, Which.ALL: 2}
    with pytest.raises(NothingToReport):
        operations.report_irregularity(session, irregularity_id=above.id, **given)


def test_it_ends_against_the_recipient_only_after_they_were_heard(finance, another):
    row, other = wrong(finance), wrong(finance)
    for outcome in (Ended.MENDED, Ended.RECOVERED):
        with pytest.raises(StillHeard):
            close(finance, row, another, outcome)
    close(finance, other, another, Ended.UNFOUNDED)
    reply(finance, row)
    assert close(finance, row, another, Ended.MENDED).outcome is Ended.MENDED
    with pytest.raises(ClosedAlready):
        reply(finance, row)
    with pytest.raises(ClosedAlready):
        close(finance, row, another)


def test_silence_ends_with_the_term(finance, another):
    row, asked = wrong(finance), finance.now
    finance.now = asked + timedelta(days=15)
    with pytest.raises(StillHeard):
        close(finance, row, another, Ended.MENDED)
    finance.now = asked + timedelta(days=16)
    assert not close(finance, row, another, Ended.MENDED).is_open


def test_neither_who_opened_it_nor_who_opened_it_again_closes_it(finance, another):
    row = wrong(finance)
    with pytest.raises(TwoPeople):
        close(finance, row, finance.world.officer)
    close(finance, row, another)
    with pytest.raises(StillOpen):
        operations.open_again(finance.session, irregularity_id=wrong(finance).id, words="No.", **finance.by(another))
    operations.open_again(finance.session, irregularity_id=row.id, words="Torna il dubbio.", **finance.by(another))
    assert (row.held_by, row.outcome, row.replied_at) == (another.id, None, None)
    for person in (another, finance.world.officer):
        with pytest.raises(TwoPeople):
            close(finance, row, person)
    alone = {"closed_by": another.id, "closed_at": finance.now, "outcome": Ended.UNFOUNDED, "closed_words": "Sì."}
    assert "two_people" in refused(finance, Irregularity, row.id, **alone)


def test_who_belongs_to_the_recipient_neither_opens_nor_closes_and_others_do_neither(finance, another):
    row = wrong(finance, by=finance.maker)
    for person in (finance.maker, finance.checker, finance.world.owner):
        with pytest.raises((Forbidden, NotFound)):
            close(finance, row, person)
    with pytest.raises((Forbidden, NotFound)):
        wrong(finance, by=finance.world.owner)
    for person in (another, finance.world.coach, make_person(finance.session, now=finance.now)):
        with pytest.raises((Forbidden, NotFound)):
            operations.reply_to_irregularity(finance.session, irregularity_id=row.id, words="Io.", **finance.by(person))
    make_member(finance, another)
    with pytest.raises(OwnOrganisation):
        close(finance, row, another)
    with pytest.raises(OwnOrganisation):
        wrong(finance, by=another)


def test_money_is_asked_back_after_the_reply_and_the_outcome_agrees_with_the_act(finance, another):
    finance.order(finance.release(finance.first))
    finance.pay(finance.first)
    row = wrong(finance, cents=100_000)
    with pytest.raises(Invalid):
        decide(finance, row.id)
    reply(finance, row)
    with pytest.raises(NothingRecovered):
        close(finance, row, another, Ended.RECOVERED)
    recovery = decide(finance, row.id, cents=40_000)
    with pytest.raises(RecoveryStands):
        close(finance, row, another, Ended.MENDED)
    close(finance, row, another, Ended.RECOVERED)
    assert list(checks.broken(finance.session)) == []
    with pytest.raises(Refusal):
        reverse_recovery(finance.session, recovery_id=recovery.id, reason="Errore.", **finance.by(another))
    operations.open_again(finance.session, irregularity_id=row.id, words="Errore.", **finance.by(another))
    reverse_recovery(finance.session, recovery_id=recovery.id, reason="Errore.", **finance.by(another))
    assert list(checks.broken(finance.session)) == []


def test_its_story_keeps_every_reply_and_names_who_did_what(finance, another):
    row = wrong(finance)
    reply(finance, row, "Primo.")
    reply(finance, row, "Secondo.")
    close(finance, row, another, Ended.MENDED, "Corretto.")
    assert [(step.kind, step.words) for step in row.steps] == [
        (StepKind.OPENED, None), (StepKind.REPLIED, "Primo."), (StepKind.REPLIED, "Secondo."),
        (StepKind.CLOSED, "Corretto."),
    ]  # fmt: skip
    events = select(AuditEvent.event).where(AuditEvent.subject_id == row.id).order_by(AuditEvent.sequence)
    assert finance.session.scalars(events).all() == [
        "irregularity.open", "irregularity.reply", "irregularity.reply", "irregularity.close",
    ]  # fmt: skip
    assert "append-only" in refused(finance, IrregularityStep, row.steps[1].id, words="Altro.")


def test_evidence_and_amount_stay_as_they_were_opened(finance):
    file = store_bytes(
        finance.session, name="p.pdf", media_type="application/pdf", content=PDF, actor=SYSTEM, now=finance.now
    )
    row = wrong(finance, cents=100)
    finance.session.flush()
    for name, value in {"eu_cents": 1, "file_id": file.id, "report_by": local_day(finance.now)}.items():
        assert "append-only" in refused(finance, Irregularity, row.id, **{name: value})


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"description": " "}, "description"),
        ({"cents": -1}, "amount"),
        ({"cents": 2_000_001}, "amount"),
        ({"found_on": None}, "found_on"),
    ],
)
def test_what_is_opened_holds_together(finance, given, field):
    if field == "found_on":
        given = {"found_on": local_day(finance.now) + timedelta(days=1)}
    with pytest.raises(Invalid) as refused:
        wrong(finance, **given)
    assert refused.value.field == field
    assert finance.session.scalars(select(IrregularityStep)).all() == []


def test_the_nightly_check_finds_what_the_guards_would_have_refused(finance):
    row = wrong(finance)
    row.replied_at = finance.now
    finance.session.flush()
    assert any("nobody finds" in said for said in checks.broken(finance.session))
