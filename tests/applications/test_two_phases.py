"""A call of two phases from end to end, on both engines: idea, places, accompaniment, project."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role, Tie
from portal.access.rules import LegalForm
from portal.access.ties import tie
from portal.applications import operations
from portal.applications.checks import broken
from portal.applications.models import Application
from portal.applications.operations import AlreadyApplied, NotAdmitted
from portal.applications.operations.rebase import rebase_drafts
from portal.applications.queries import open_draft
from portal.applications.queries.entry import entries_of
from portal.applications.rules import ApplicationStatus
from portal.calls.operations import extend_deadline, rectify_call
from portal.calls.rules import PhaseGate
from portal.calls.rules.times import wall_time
from portal.coaching.accompaniment.checks import broken as broken_register
from portal.core.errors import Conflict, IllegalMove, Invalid
from portal.core.instants import ROME
from portal.core.unit_of_work import refusal_for
from portal.grants import operations as grants
from portal.grants.operations.becoming import EntityTyped
from portal.grants.queries import between_phases
from portal.questionnaires.operations import create_sheet
from tests.factories.base import as_actor, make_staff
from tests.factories.documents import PDF, make_upload
from tests.factories.due import due_of
from tests.factories.phases import BEGINS, TwoPhases

NAPOLI, TORINO = "napoli-iq", "torino-innovazione-sociale-2017"


@pytest.fixture
def world(session, now):
    return TwoPhases(session, now)


@pytest.fixture
def invited(world):
    """A team that was selected, attended enough and is invited: its owner and its idea."""
    owner, idea = world.sent_idea()
    world.rank([idea])
    world.attend(idea, meetings=5)
    world.close()
    return owner, idea


def paths(session, actor, now) -> list[str]:
    """Where the desk leads between the phases."""
    return [step.path for step in due_of(between_phases)(session, actor, now)]


def gates(refused) -> list[PhaseGate]:
    return [each.gate for each in refused.value.missing]


def test_a_team_goes_from_its_idea_to_its_project(world, session, now, invited):
    owner, idea = invited
    assert (idea.attended_minutes, idea.invited_at is not None) == (3000, True)
    project = world.begin(owner, idea.organisation, world.project, now)
    assert project.follows_id == idea.id
    assert project.sheet.form_revision_id == world.project.form_revision_id != world.idea.form_revision_id
    world.fill(project, owner, now)
    assert world.send(project, owner, now).content["follows"] == idea.reference
    assert [*broken(session), *broken_register(session)] == []


def test_the_project_begins_with_the_answers_of_the_idea(world, session, now, invited):
    owner, idea = invited
    project = world.begin(owner, idea.organisation, world.project, now)
    answers, before = open_draft(session, project).answers, open_draft(session, idea).answers
    assert {"team", "title", "area", "need"} <= project.carried.keys()
    assert answers["team"].value == before["team"].value
    assert {"declaration_truth", "young_share"}.isdisjoint(answers), "nothing is declared or computed for anybody"
    assert project.title == idea.title


def test_whoever_was_not_selected_is_told_so(world, now):
    (owner, idea), (_other, selected) = world.sent_idea(), world.sent_idea()
    with pytest.raises(NotAdmitted, match="non è ancora definitiva"):
        world.begin(owner, idea.organisation, world.project, now)
    world.rank([selected], [idea])
    with pytest.raises(NotAdmitted) as refused:
        world.begin(owner, idea.organisation, world.project, now)
    assert gates(refused) == [PhaseGate.SELECTED, PhaseGate.ATTENDED]
    assert idea.reference in str(refused.value)
    stranger, organisation = world.team()
    with pytest.raises(NotAdmitted, match=organisation.name):
        world.begin(stranger, organisation, world.project, now)


def test_too_few_hours_keep_a_team_out_with_the_figures(world, now):
    owner, idea = world.sent_idea()
    world.rank([idea])
    world.attend(idea, meetings=4)
    with pytest.raises(NotAdmitted, match="40 h") as refused:
        world.begin(owner, idea.organisation, world.project, now)
    assert gates(refused) == [PhaseGate.ATTENDED]
    assert "42 h" in str(refused.value)


def test_one_project_follows_one_idea_even_for_the_database(world, session, now, invited):
    owner, idea = invited
    project = world.begin(owner, idea.organisation, world.project, now)
    with pytest.raises(AlreadyApplied, match=project.reference):
        world.begin(owner, idea.organisation, world.project, now)
    sheet = create_sheet(session, form_revision_id=world.project.form_revision_id, now=now)
    twin = Application(
        authority_id=project.authority_id, call_id=project.call_id, phase_id=project.phase_id, ordinal=2,
        organisation_id=project.organisation_id, sheet_id=sheet.id, reference="VIV-2026-999999", status_at=now,
        created_at=now, follows_id=idea.id,
    )  # fmt: skip
    session.add(twin)
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        session.flush()
    assert isinstance(refusal_for(error.value), AlreadyApplied)


def test_an_idea_that_is_excluded_meanwhile_takes_the_draft_with_it(world, session, now, invited):
    owner, idea = invited
    project = world.begin(owner, idea.organisation, world.project, now)
    world.fill(project, owner, now)
    with pytest.raises(Invalid):
        operations.exclude_application(session, application_id=idea.id, reason=" ", actor=world.office, now=now)
    operations.exclude_application(session, application_id=idea.id, reason="Dati falsi.", actor=world.office, now=now)
    with pytest.raises(NotAdmitted, match=idea.reference):
        world.send(project, owner, now)
    assert project.status is ApplicationStatus.DRAFT


def test_a_registered_project_is_excluded_with_its_idea(world, session, now, invited):
    owner, idea = invited
    project = world.begin(owner, idea.organisation, world.project, now)
    world.fill(project, owner, now)
    world.send(project, owner, now)
    operations.exclude_application(session, application_id=idea.id, reason="Dati falsi.", actor=world.office, now=now)
    assert project.status is idea.status is ApplicationStatus.EXCLUDED
    assert list(broken(session)) == []


def test_a_reopened_project_that_is_excluded_says_again_what_was_registered(world, session, now, invited):
    owner, idea = invited
    project = world.begin(owner, idea.organisation, world.project, now)
    world.fill(project, owner, now)
    sent = world.send(project, owner, now)
    operations.reopen_application(session, application_id=project.id, actor=world.actor(owner), now=now)
    project.title, project.requested_cents = "Mai inviato", 1
    session.flush()
    operations.exclude_application(session, application_id=idea.id, reason="Dati falsi.", actor=world.office, now=now)
    assert project.status is ApplicationStatus.EXCLUDED
    assert (project.title, project.requested_cents) == (
        sent.content["title"], sent.content["amounts"]["requested_cents"]
    )  # fmt: skip


def test_a_team_gives_up_its_place_and_its_project_goes_too(world, session, now, invited):
    owner, idea = invited
    project = world.begin(owner, idea.organisation, world.project, now)
    with pytest.raises(IllegalMove):
        operations.renounce_place(session, application_id=project.id, actor=world.actor(owner), now=now)
    operations.renounce_place(session, application_id=idea.id, actor=world.actor(owner), now=now)
    assert (idea.status, project.status) == (ApplicationStatus.RENOUNCED, ApplicationStatus.WITHDRAWN)


def test_a_project_under_assessment_is_not_given_up_from_its_idea(world, session, now, invited):
    owner, idea = invited
    project = world.begin(owner, idea.organisation, world.project, now)
    project.status = ApplicationStatus.ADMISSIBLE
    session.flush()
    with pytest.raises(Conflict, match=project.reference):
        operations.renounce_place(session, application_id=idea.id, actor=world.actor(owner), now=now)


def test_a_group_becomes_an_entity_between_the_phases_and_keeps_its_line(session, now):
    world = TwoPhases(session, now, NAPOLI)
    owner, idea = world.sent_idea(name="Le Terrazze")
    world.rank([idea])
    world.attend(idea, meetings=5)
    world.close()
    with pytest.raises(NotAdmitted) as refused:
        world.begin(owner, idea.organisation, world.project, now)
    assert gates(refused) == [PhaseGate.INCORPORATED]
    assert refused.value.missing[0].is_for_the_applicant
    page, team, office = f"/applications/{idea.id}/entity", world.actor(owner), world.office
    assert [paths(session, who, now) for who in (team, office)] == [[page], []]
    typed = EntityTyped("Le Terrazze APS", LegalForm.SOCIAL_PROMOTION_ASSOCIATION, "93045670721",
                        (now + BEGINS).date(), make_upload(PDF, "atto.pdf"))  # fmt: skip
    given = {"application_id": idea.id, "now": now}
    grants.record_entity_early(session, typed=typed, actor=team, **given)
    other = make_staff(session, idea.call.authority, Role.OFFICER, now=now)
    tie(session, person_id=other.id, tie=Tie.CONFLICTED, object_type="any", object_id=idea.id, now=now)
    apart = as_actor(session, other, now=now)
    assert [paths(session, who, now) for who in (team, office, apart)] == [[], [page], []]
    grants.confirm_entity_early(session, actor=office, **given)
    session.flush()
    assert [paths(session, who, now) for who in (team, office)] == [[], []]
    (entry,) = entries_of(session, world.project, [idea.organisation])
    assert entry.is_open
    for name in ("representative_name", "address", "city"):
        setattr(idea.organisation, name, "Napoli")
    project = world.begin(owner, idea.organisation, world.project, now)
    assert project.entered_as == ("informal_group", "informal_group")
    assert project.rule is not None
    assert project.rule.maximum == 50_000, "the amounts of a group, not those of a body"
    world.fill(project, owner, now)
    content = world.send(project, owner, now).content
    assert content["organisation"]["kind"] == "legal_entity"
    assert content["entered_as"]["kind"] == "informal_group"


def test_torino_needs_eighty_per_cent_of_eighty_hours(session, now):
    world = TwoPhases(session, now, TORINO)
    _owner, idea = world.sent_idea(informal=False)
    world.rank([idea])
    world.attend(idea, meetings=6)
    world.close()
    assert idea.invited_at is None
    world_gates = entries_of(session, world.project, [idea.organisation])[0].missing
    assert [each.gate for each in world_gates] == [PhaseGate.ATTENDED]
    assert "64 h" in str(world_gates[0].message)


def test_a_second_phase_is_extended_alone(world, session, invited):
    before, closes = world.idea.closes_at, world.project.closes_at
    extend_deadline(
        session, phase_id=world.project.id, closes_at=wall_time(closes + timedelta(days=10), ROME), act_number="DD 9",
        act_date=world.now.date(), reason={"it": "Neve", "en": "Snow"}, actor=world.office, now=world.now,
    )  # fmt: skip
    assert (world.idea.closes_at, world.project.closes_at - closes) == (before, timedelta(days=10))


def test_a_rectified_form_of_the_project_moves_its_drafts_alone(world, session, now, invited):
    owner, idea = invited
    project = world.begin(owner, idea.organisation, world.project, now)
    asked, design = idea.sheet.form_revision_id, world.call.design
    first, *others = design.questionnaire.sections
    named = replace(first, title={"it": "Chi siamo", "en": "Who we are"})
    changed = replace(design, questionnaire=replace(design.questionnaire, sections=[named, *others]))
    rectify_call(
        session, call_id=world.call.id, design=changed, act_number="DD 10", act_date=now.date(),
        reason={"it": "Titolo", "en": "Title"}, actor=world.office, now=now,
    )  # fmt: skip
    form = world.project.form_revision_id
    assert rebase_drafts(session, call_id=world.call.id, form_revision_id=form, now=now) == 1
    assert (project.sheet.form_revision_id, idea.sheet.form_revision_id) == (form, asked)
    assert "team" in project.carried
