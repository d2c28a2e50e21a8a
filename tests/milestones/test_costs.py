"""Costs written, read in, sent, taken back, claimed once across all grants: on both databases."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from portal.core.errors import Forbidden, IllegalMove, Invalid, InvalidForm, NotFound
from portal.core.i18n import speaking
from portal.documents.reading import read_file
from portal.milestones.costs import operations
from portal.milestones.costs.models import CostLine, CostReportVersion
from portal.milestones.costs.queries.spent import approved_spending
from portal.milestones.costs.queries.whole import whole_report
from portal.milestones.costs.rules import Claim, CostReportStatus, LineSource
from portal.milestones.models import Milestone
from portal.milestones.rules import MilestoneStatus
from tests.factories.costs import SUPPLIER, TYPED, an_invoice, send, start, with_costs, write
from tests.factories.documents import make_upload
from tests.factories.grants import CUP, make_world
from tests.factories.payments import put_under_way


@pytest.fixture
def world(session, now):
    world = make_world(session, now=now)
    world.now = now + timedelta(days=60)
    return world


@pytest.fixture
def grant(world, now):
    later, world.now = world.now, now
    grant = put_under_way(world, world.application)
    world.now = later
    with_costs(world.session, world.call, grant)
    return grant


@pytest.fixture
def other(world, now, grant):
    later, world.now = world.now, now
    other = put_under_way(world, world.group_application)
    world.now = later
    with_costs(world.session, world.call, other)
    return other


@pytest.fixture
def report(world, grant):
    return start(world, grant)


def by_owner(world):
    return {"actor": world.actor(world.owner), "now": world.now}


def test_a_line_is_charged_as_it_was_typed_and_rates_follow(world, report, session):
    line = write(world, report, share="50")
    assert (line.gross_cents, line.charged_cents, line.source) == (122_000, 61_000, LineSource.TYPED)
    whole = whole_report(session, report)
    now = {each.key: each.now_cents for each in whole.totals}
    assert (now["services"], now["indirect"]) == (61_000, 4_270)
    assert whole.claimed_cents == 65_270
    assert whole.may_be_sent


def test_recoverable_vat_is_no_cost(world, report):
    assert write(world, report, vat_recoverable="sì").charged_cents == 100_000


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"supplier_code": "01199250159"}, "supplier_code"),
        ({"net": "1,000.50"}, "net"),
        ({"document_number": " "}, "document_number"),
        ({"document_on": "31/02/2026"}, "document_on"),
        ({"share": "120"}, "share"),
        ({"category": "indirect"}, "category"),
        ({"category": "hours", "quantity": "", "description": "x"}, "quantity"),
        ({"category": "opening", "milestone": ""}, "milestone"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(world, report, given, field):
    with pytest.raises(InvalidForm) as refused:
        write(world, report, **given)
    assert field in refused.value.errors


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"category": "food"}, "category", "FEAD"),
        ({"cup": "C19J21037420006"}, "cup", "C19J21037420006"),
        ({"payment_means": "cash"}, "payment_means", "cash"),
        ({"paid_on": date(2026, 6, 1)}, "paid_on", "period"),
        ({"document_on": date(2026, 2, 1)}, "document_on", "older"),
    ],
)
def test_what_the_call_does_not_bear_is_said_beside_the_line_and_keeps_it_from_being_sent(
    world, report, session, given, field, words
):
    write(world, report, **given)
    (line,) = whole_report(session, report).to_mend
    assert [fault.field for fault in line.faults] == [field]
    with speaking("en"):
        assert words in str(line.faults[0].words)
    with pytest.raises(operations.ToMend):
        send(world, report)
    assert report.status is CostReportStatus.DRAFT


def test_one_invoice_may_be_charged_in_parts_and_never_for_more_than_it_is(world, report, session):
    first = write(world, report, share="60")
    second = write(world, report, share="40", category="staff")
    assert (first.part_of_id, second.part_of_id) == (None, first.id)
    assert not whole_report(session, report).to_mend
    write(world, report, share="0,01", category="staff")
    assert {line.number for line in whole_report(session, report).to_mend} == {1, 2, 3}
    operations.remove_line(session, report_id=report.id, line_id=first.id, **by_owner(world))
    session.flush()
    assert second.part_of_id is None
    assert session.scalars(select(CostLine.part_of_id).where(CostLine.number == 3)).one() == second.id


def test_a_report_is_sent_frozen_and_its_lines_stay_as_they_are(world, report, session):
    line = write(world, report)
    with pytest.raises(operations.SeenOtherwise):
        send(world, report, seen_cents=1)
    send(world, report, seen_cents=130_540)
    version = session.scalars(select(CostReportVersion)).one()
    assert (report.status, report.version, report.claimed_cents) == (CostReportStatus.SUBMITTED, 1, 130_540)
    assert b'"claimed_cents":130540' in read_file(version.file)
    with pytest.raises(operations.LinesStay):
        write(world, report)
    for change in (
        update(CostLine).where(CostLine.id == line.id).values(charged_cents=1),
        text("DELETE FROM cost_line"),
        update(CostReportVersion).values(claimed_cents=1),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(change)


def test_the_same_invoice_is_refused_to_every_other_grant_without_saying_which(world, report, other, session):
    write(world, report, supplier_code="00514490010")
    theirs = start(world, other)
    line = write(world, theirs, document_number="ft1 2026", supplier_code="00514490010")
    assert not whole_report(session, theirs).to_mend
    send(world, report)
    (told,) = whole_report(session, theirs).to_mend
    with speaking("en"):
        words = str(told.faults[0].words)
    assert "another project" in words
    assert report.grant.reference not in words
    with pytest.raises(operations.ToMend):
        send(world, theirs)
    with pytest.raises(IntegrityError, match="cost_line"), session.begin_nested():
        session.execute(update(CostLine).where(CostLine.id == line.id).values(claim=Claim.CLAIMED))


def test_what_was_sent_is_taken_back_until_the_control_begins(world, report, session):
    write(world, report)
    send(world, report)
    operations.withdraw_report(session, report_id=report.id, **by_owner(world))
    write(world, report, document_number="2")
    send(world, report)
    assert report.version == 2
    report.control_began_at = world.now
    with pytest.raises(operations.UnderControl):
        operations.withdraw_report(session, report_id=report.id, **by_owner(world))


def test_a_returned_report_is_mended_as_a_new_version(world, report, session):
    write(world, report)
    send(world, report)
    report.status, report.return_reason = CostReportStatus.RETURNED, "Manca il CRO."
    report.decided_by = world.officer.id
    session.flush()
    with pytest.raises(operations.LinesStay):
        write(world, report)
    operations.rewrite_report(session, report_id=report.id, **by_owner(world))
    send(world, report)
    assert (report.version, report.return_reason, report.decided_by) == (2, None, None)


def test_a_lump_sum_pays_an_accepted_milestone_once(world, report, session):
    milestone = session.scalars(select(Milestone).where(Milestone.grant_id == report.grant_id)).first()
    assert write(world, report, category="opening", milestone=str(milestone.number)).charged_cents == 100_000
    (told,) = whole_report(session, report).to_mend
    assert told.faults[0].field == "milestone"
    milestone.status = MilestoneStatus.ACCEPTED
    assert whole_report(session, report).may_be_sent
    with pytest.raises(IntegrityError), session.begin_nested():
        write(world, report, category="opening", milestone=str(milestone.number))


def test_unit_costs_ask_for_the_quantity_alone(world, report):
    assert write(world, report, category="hours", quantity="12,5").charged_cents == 31_250


def test_an_electronic_invoice_becomes_a_line_and_nothing_is_typed_again(world, report, session):
    upload = make_upload(an_invoice(), "IT01199250158_1.xml")
    operations.read_invoices(session, report_id=report.id, uploads=[upload], **by_owner(world))
    line = session.scalars(select(CostLine)).one()
    assert (line.supplier_code, line.document_number) == (SUPPLIER, "FT 001/2026")
    assert (line.document_on, line.cup) == (date(2026, 3, 10), CUP)
    assert (line.net_cents, line.vat_cents, line.charged_cents) == (100_000, 22_000, 122_000)
    assert (line.source, len(line.files)) == (LineSource.FATTURAPA, 1)
    again = make_upload(an_invoice(), "IT01199250158_1.xml")
    with pytest.raises(Invalid):
        operations.read_invoices(session, report_id=report.id, uploads=[again], **by_owner(world))


def test_costs_beyond_the_agreed_budget_keep_the_report_back(world, report, session):
    write(world, report, net="20.000,00", vat="")
    (total,) = whole_report(session, report).total_faults
    assert total.key == "services"
    with pytest.raises(operations.ToMend):
        send(world, report)


def test_only_the_recipient_writes_its_costs(world, report, session):
    given = {"report_id": report.id, "typed": TYPED, "now": world.now}
    with pytest.raises((Forbidden, NotFound)):
        operations.write_line(session, actor=world.actor(world.officer), **given)
    with pytest.raises(NotFound):
        operations.write_line(session, actor=world.actor(world.leader), **given)
    assert approved_spending(session, [report.grant_id]) == {}
    with pytest.raises(IllegalMove):
        operations.withdraw_report(session, report_id=report.id, **by_owner(world))
