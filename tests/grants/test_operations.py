"""From a funded row to an agreement in force, on both databases."""

import io
from datetime import date, timedelta

import pikepdf
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Tie
from portal.access.rules import LegalForm, OrganisationBecameEntity, OrganisationKind
from portal.applications.rules import ApplicationStatus
from portal.core import events
from portal.core.audit import AuditEvent
from portal.core.errors import Conflict, IllegalMove, Invalid, NotFound
from portal.core.mail import OutgoingMail
from portal.documents.models import StoredFile
from portal.documents.operations import read_file
from portal.grants import checks, operations, queries
from portal.grants.agreements import operations as agreements
from portal.grants.apart import OwnOrganisation, TwoPeople
from portal.grants.operations.awardable import AlreadyAwarded, NotFunded, RankingNotFinal
from portal.grants.rules import GrantStatus, Need, local_day
from portal.ledger.operations import NotEnough
from portal.ledger.queries import balance_of
from portal.ledger.rules import AccountKind
from portal.notices.models import Notice
from tests.factories.base import as_actor, join, make_organisation, make_person
from tests.factories.documents import not_looked_at
from tests.factories.due import due_of
from tests.factories.grants import ACT, CUP, FISCAL_CODE, a_pdf, make_world


@pytest.fixture
def world(session, now):
    return make_world(session, now=now)


def test_an_award_moves_the_money_from_the_budget_to_the_grant(world, session):
    grant = world.award()
    assert grant.status is GrantStatus.VERIFYING
    assert balance_of(session, AccountKind.AWARD, grant.id) == 2_000_000
    assert balance_of(session, AccountKind.BUDGET, grant.budget_line_id) == 256_400_000 - 2_000_000
    assert grant.reference == grant.application.reference
    assert list(checks.broken(session)) == []


def test_the_team_is_told_of_its_grant_in_both_languages_and_by_mail(world, session):
    grant = world.award()
    notice = session.scalars(select(Notice).where(Notice.person_id == world.owner.id)).one()
    assert notice.path == f"/grants/{grant.id}"
    assert set(notice.text) == {"it", "en"}
    mail = session.scalars(select(OutgoingMail).where(OutgoingMail.recipient == world.owner.email)).one()
    assert grant.reference in mail.subject
    assert "€ 20.000,00" in mail.body
    assert f"http://localhost/grants/{grant.id}" in mail.body


def test_only_a_final_ranking_awards(session, now):
    world = make_world(session, now=now, final=False)
    with pytest.raises(RankingNotFinal):
        world.award()


def test_an_application_is_awarded_once(world):
    world.award()
    with pytest.raises(AlreadyAwarded):
        world.award()


def test_a_renounced_application_gets_nothing(world, session):
    session.execute(text("UPDATE application SET status = 'renounced'"))
    session.expire_all()
    with pytest.raises(NotFunded):
        world.award()
    assert world.application.status is ApplicationStatus.RENOUNCED


def test_an_award_beyond_the_budget_changes_nothing(session, now):
    world = make_world(session, now=now, awarded_cents=200_000_000)
    world.award()
    with pytest.raises(NotEnough):
        world.award(world.group_application)


@pytest.mark.parametrize(
    ("number", "days", "field"), [("  ", 0, "act_number"), ("x" * 81, 0, "act_number"), (ACT, 1, "act_date")]
)
def test_the_act_of_award_has_a_number_and_a_past_date(world, number, days, field):
    with pytest.raises(Invalid) as refused:
        operations.award_grant(
            world.session, application_id=world.application.id, ranking_id=world.ranking.id, act_number=number,
            act_date=world.now.date() + timedelta(days=days), actor=world.actor(world.officer), now=world.now,
        )  # fmt: skip
    assert refused.value.field == field


def test_awarding_all_takes_every_funded_row_and_sends_each_on_its_way(world, session):
    rows = queries.rows_to_award(session, ranking_id=world.ranking.id)
    effect = queries.effect_of(rows, left=256_400_000, budget=256_400_000)
    assert (effect.count, effect.left_after) == (2, 252_400_000)
    granted = operations.award_all(
        session, ranking_id=world.ranking.id, act_number=ACT, act_date=world.now.date(),
        actor=world.actor(world.officer), now=world.now,
    )  # fmt: skip
    assert [grant.status for grant in granted] == [GrantStatus.VERIFYING, GrantStatus.INCORPORATING]
    assert granted[1].incorporation is not None
    assert granted[1].incorporation.due_on == world.now.date() + timedelta(days=90)
    assert queries.rows_to_award(session, ranking_id=world.ranking.id) == []
    with pytest.raises(NotFunded):
        operations.award_all(
            session, ranking_id=world.ranking.id, act_number=ACT, act_date=world.now.date(),
            actor=world.actor(world.officer), now=world.now,
        )  # fmt: skip


def test_the_officer_of_another_authority_sees_no_application(world, session, now):
    stranger = make_person(session, now=now)
    with pytest.raises(NotFound):
        operations.award_grant(
            session, application_id=world.application.id, ranking_id=world.ranking.id, act_number=ACT,
            act_date=now.date(), actor=as_actor(session, stranger, now=now), now=now,
        )  # fmt: skip


def test_nobody_awards_to_the_own_organisation(world, session, now):
    join(session, world.officer, world.association, Tie.VIEWER, now=now)
    with pytest.raises(OwnOrganisation):
        world.award()


def test_a_group_becomes_an_entity_and_keeps_its_identity(world, session):
    heard = []
    events.subscribe(OrganisationBecameEntity, lambda _, event: heard.append(event.organisation_id))
    grant = world.award(world.group_application)
    kept = world.group.id
    world.incorporate(grant, fiscal_code=" 0119 925 0158 ")
    assert world.group.is_informal
    operations.confirm_incorporation(session, grant_id=grant.id, actor=world.actor(world.officer), now=world.now)
    assert (world.group.id, world.group.kind) == (kept, OrganisationKind.LEGAL_ENTITY)
    assert (world.group.name, world.group.fiscal_code) == ("Orti in Comune APS", FISCAL_CODE)
    assert grant.status is GrantStatus.READY
    assert kept in heard
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "organisation.became_entity")).one()
    assert event.before["kind"] == "informal_group"
    assert event.after["fiscal_code"] == FISCAL_CODE


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"fiscal_code": "01199250159"}, "fiscal_code"),
        ({"fiscal_code": "RSSMRA80A01H501U"}, "fiscal_code"),
        ({"fiscal_code": "'; DROP TABLE"}, "fiscal_code"),
        ({"incorporated_on": date(2026, 3, 3)}, "incorporated_on"),
        ({"incorporated_on": date(1026, 3, 2)}, "incorporated_on"),
        ({"name": " \u200b "}, "name"),
        ({"legal_form": LegalForm.INFORMAL_GROUP}, "legal_form"),
        ({"deed": None}, "deed"),
        ({"deed": not_looked_at("atto.exe")}, "deed"),
    ],
)
def test_a_wrong_entity_is_refused_with_its_field(world, given, field):
    grant = world.award(world.group_application)
    with pytest.raises(Invalid) as refused:
        world.incorporate(grant, **given)
    assert refused.value.field == field


def test_a_fiscal_code_belongs_to_one_organisation(world, session, now):
    make_organisation(session, now=now, fiscal_code=FISCAL_CODE)
    with pytest.raises(Invalid) as refused:
        world.incorporate(world.award(world.group_application))
    assert refused.value.field == "fiscal_code"


def test_who_records_the_entity_cannot_confirm_it(world, session):
    grant = world.award(world.group_application)
    world.incorporate(grant)
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        session.execute(text("UPDATE incorporation SET confirmed_by = recorded_by"))


def test_a_cup_is_fifteen_characters(world, session):
    grant = world.award()
    officer = world.actor(world.officer)
    for wrong in ("", "F79D1900003000", "779D19000030007", "F79D190000300O7", "Ｆ79D19000030007"):
        with pytest.raises(Invalid) as refused:
            operations.record_cup(session, grant_id=grant.id, cup=wrong, actor=officer, now=world.now)
        assert refused.value.field == "cup"
    operations.record_cup(session, grant_id=grant.id, cup=" f79d 19000030007 ", actor=officer, now=world.now)
    assert grant.cup == CUP


def test_the_agreement_is_a_tagged_pdf_with_what_both_sides_promise(world, session):
    grant = world.make_ready(world.award())
    agreement = agreements.prepare_agreement(
        session, grant_id=grant.id, actor=world.actor(world.officer), now=world.now
    )
    content = read_file(session.get_one(StoredFile, agreement.file_id))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert str(pdf.Root.Lang) == "it"
        assert "/StructTreeRoot" in pdf.Root
    assert (agreement.version, grant.needs_on(local_day(world.now))) == (1, (Need.PUBLICATION, Need.AGREEMENT_SIGN))


def test_no_agreement_without_a_cup_or_before_the_checks(world, session):
    grant, officer = world.award(), world.actor(world.officer)
    with pytest.raises(IllegalMove):
        agreements.prepare_agreement(session, grant_id=grant.id, actor=officer, now=world.now)
    world.check(grant)
    with pytest.raises(Conflict, match="CUP"):
        agreements.prepare_agreement(session, grant_id=grant.id, actor=officer, now=world.now)


def test_two_signatures_make_a_grant_active_and_draw_its_milestones(world, session):
    grant = world.activate()
    assert grant.status is GrantStatus.ACTIVE
    assert (grant.starts_on, grant.ends_on) == (date(2026, 3, 2), date(2027, 3, 2))
    due = session.execute(text("SELECT number, due_on FROM milestone ORDER BY number")).all()
    assert [str(day) for _, day in due] == ["2026-05-02", "2026-09-02", "2027-03-02"]
    assert list(checks.broken(session)) == []


def test_who_signed_cannot_countersign_even_by_hand(world, session):
    world.sign(world.make_ready(world.award()))
    with pytest.raises(IntegrityError, match="two_people"), session.begin_nested():
        session.execute(text("UPDATE agreement SET countersigned_by = signed_by"))


def test_a_countersignature_needs_a_signed_copy_and_the_one_that_was_seen(world, session):
    grant = world.make_ready(world.award())
    approver = world.actor(world.approver)
    agreements.prepare_agreement(session, grant_id=grant.id, actor=world.actor(world.officer), now=world.now)
    with pytest.raises(Conflict):
        agreements.countersign_agreement(session, grant_id=grant.id, actor=approver, now=world.now)
    agreements.sign_agreement(session, grant_id=grant.id, upload=a_pdf(), actor=world.actor(world.owner), now=world.now)
    with pytest.raises(Conflict):
        agreements.countersign_agreement(session, grant_id=grant.id, actor=approver, now=world.now, seen="")


def test_an_agreement_in_force_never_changes(world, session):
    world.activate()
    with pytest.raises(IntegrityError, match="agreement in force"), session.begin_nested():
        session.execute(text("UPDATE agreement SET version = 9"))


def test_a_countersigner_of_the_team_is_refused(world, session, now):
    grant = world.sign(world.make_ready(world.award()))
    join(session, world.approver, world.association, Tie.VIEWER, now=now)
    with pytest.raises((OwnOrganisation, TwoPeople)):
        agreements.countersign_agreement(session, grant_id=grant.id, actor=world.actor(world.approver), now=now)


def test_a_grant_is_published_once(world, session):
    grant, officer = world.award(), world.actor(world.officer)
    operations.publish_grant(session, grant_id=grant.id, actor=officer, now=world.now)
    assert grant.published_at == world.now
    with pytest.raises(Conflict):
        operations.publish_grant(session, grant_id=grant.id, actor=officer, now=world.now)


def test_the_desk_of_each_person_tells_the_steps_that_are_theirs(world, session):
    awards = due_of(queries.asks)
    before = awards(session, world.actor(world.officer), world.now)
    assert [step.path for step in before] == [f"/manage/calls/{world.call.slug}/grants"]
    grant = world.sign(world.make_ready(world.award()))
    officer = [step.path for step in queries.due_steps(session, world.actor(world.officer), world.now)]
    assert f"/grants/{grant.id}/agreement#countersign" in officer
    approver = queries.due_steps(session, world.actor(world.approver), world.now)
    assert [step.path for step in approver] == [f"/grants/{grant.id}/agreement#countersign"]
    assert queries.due_steps(session, world.actor(world.owner), world.now) == []


def test_the_checker_finds_a_grant_without_its_money(world, session):
    grant = world.award()
    session.execute(text("UPDATE grant_award SET awarded_cents = 1"))
    session.expire_all()
    assert [line for line in checks.broken(session) if grant.reference in line]
