"""The technical part of a report: asked by the call, answered by the engine of questionnaires, frozen when sent."""

import json

import pytest

from portal.access.policy import Role
from portal.core.errors import Forbidden, NotFound
from portal.documents.reading import read_file
from portal.milestones.control.letters import letter_pdf
from portal.milestones.control.operations import approve_control
from portal.milestones.control.queries import control_of
from portal.milestones.costs import operations, queries
from portal.milestones.costs.models import CostReportVersion
from portal.milestones.costs.operations import AnswersMissing, LinesStay
from portal.milestones.costs.rules import CostReportStatus
from tests.factories.base import make_staff
from tests.factories.control import Controlling
from tests.factories.costs import send, start, with_costs, write
from tests.factories.grants import make_world
from tests.factories.payments import put_under_way
from tests.factories.technical import ANSWERS, TECHNICAL, answer, answer_all

on_sqlite = pytest.mark.parametrize("session", ["sqlite"], indirect=True)


@pytest.fixture
def world(session, now):
    return make_world(session, now=now)


@pytest.fixture
def grant(world, clock):
    found = put_under_way(world, world.application)
    world.now = clock.advance(days=60)
    return found


@pytest.fixture
def report(world, grant):
    with_costs(world.session, world.call, grant, reporting=TECHNICAL)
    return start(world, grant)


def technical(world, report):
    found = queries.technical_of(world.session, report)
    assert found is not None
    return found


def sent_content(session):
    version = session.query(CostReportVersion).order_by(CostReportVersion.number.desc()).first()
    content = read_file(version.file)
    assert version.sha256 == version.file.sha256
    return json.loads(content)


@on_sqlite
def test_a_report_of_a_call_that_asks_nothing_has_no_technical_part(world, grant):
    with_costs(world.session, world.call, grant)
    report = start(world, grant)
    assert queries.technical_of(world.session, report) is None
    with pytest.raises(NotFound):
        answer(world, report, "work", done="…")


@on_sqlite
def test_sending_names_each_answer_that_is_missing(world, report):
    answer(world, report, "work", changed="yes")
    write(world, report)
    with pytest.raises(AnswersMissing) as refused:
        send(world, report)
    for key in ("done", "why", "reached"):
        assert f"Domanda {key}" in str(refused.value.message)
    assert "Domanda changed" not in str(refused.value.message)
    assert report.status is CostReportStatus.DRAFT


@on_sqlite
def test_what_a_condition_hides_is_neither_missing_nor_sent(world, report, session):
    answer_all(world, report)
    answer(world, report, "work", changed="yes", why="Era presto.", v_changed=1)
    answer(world, report, "work", changed="no", v_changed=2)
    write(world, report)
    send(world, report)
    told = [each["key"] for section in sent_content(session)["technical"]["sections"] for each in section["answers"]]
    assert told == ["done", "changed", "photos", "reached"]


def test_the_version_that_is_sent_holds_the_answers_in_both_languages(world, report, session):
    answer_all(world, report)
    write(world, report)
    send(world, report)
    technical = sent_content(session)["technical"]
    (work, people) = technical["sections"]
    assert work["answers"][1]["text"] == {"it": "No", "en": "No"}
    assert people["answers"][0]["value"] == 120
    assert technical["form_revision"] == str(report.sheet.form_revision_id)


@on_sqlite
def test_a_report_of_results_alone_is_sent_without_a_cost(world, report):
    answer_all(world, report)
    send(world, report)
    assert (report.status, report.claimed_cents) == (CostReportStatus.SUBMITTED, 0)


def test_what_was_sent_is_answered_no_more_until_it_is_taken_back(world, report):
    answer_all(world, report)
    send(world, report)
    with pytest.raises(LinesStay):
        answer(world, report, "people", reached="121", v_reached=1)
    operations.withdraw_report(world.session, report_id=report.id, actor=world.actor(world.owner), now=world.now)
    answer(world, report, "people", reached="121", v_reached=1)
    assert technical(world, report).filled.values["reached"]["value"] == 121


@on_sqlite
def test_nobody_but_its_recipient_answers(world, report):
    with pytest.raises((Forbidden, NotFound)):
        operations.save_technical(world.session, report_id=report.id, section_key="work",
                                  typed=dict(ANSWERS["work"]), base={}, actor=world.actor(world.officer),
                                  now=world.now)  # fmt: skip


@on_sqlite
def test_a_report_answers_the_questions_of_the_day_it_was_begun(world, report):
    before = report.sheet.form_revision_id
    world.call.definition = world.call.definition | {"reporting": {}}
    world.call.__dict__.pop("design", None)  # it is read once
    world.session.flush()
    assert technical(world, report).sheet.form_revision_id == before
    answer_all(world, report)
    send(world, report)
    assert start(world, report.grant).sheet_id is None


def test_two_reports_of_a_call_share_one_form(world, report):
    answer_all(world, report)
    send(world, report)
    other = start(world, report.grant)
    assert other.sheet_id != report.sheet_id
    assert technical(world, other).sheet.form_revision_id == technical(world, report).sheet.form_revision_id


@on_sqlite
def test_a_report_without_costs_is_controlled_and_approved(world, report):
    """Milestones and lump sums alone: what was done is read, and stands as approved for the gates."""
    answer_all(world, report)
    send(world, report)
    checker = make_staff(world.session, world.authority, Role.OFFICER, name="Carla Conti", now=world.now)
    control = Controlling(world, report, checker)
    assert control.begin() == []
    control.accept_all()
    proposal = control.propose()
    approve_control(world.session, proposal_id=proposal.id, **control.by(checker))
    assert (report.status, report.accepted_cents) == (CostReportStatus.APPROVED, 0)
    assert letter_pdf(world.session, control_of(world.session, report))[:4] == b"%PDF"
