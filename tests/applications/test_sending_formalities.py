"""Declarations, stamp duty and the confirmation before sending; receipts that anybody can check; entries annulled."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.access.policy import Role, Tie
from portal.access.policy.proof import ProofMissing
from portal.applications import operations
from portal.applications.models import SignOffRow, StampMark
from portal.applications.operations.annul import StillCounts
from portal.applications.operations.formalities import ChangedMeanwhile, NotDeclared, NotSigned, StampUsed
from portal.applications.queries import open_draft
from portal.applications.queries.sign_offs import digest_of, signed_off
from portal.applications.sending import DAY, DECLARED, NUMBER, STAMP, Given, everything, faults_of
from portal.calls.rules import Declaration, SendingRules, SignOff, StampDuty
from portal.calls.rules.validity import faults_of as design_faults
from portal.core.errors import Forbidden, Invalid, NotFound
from portal.register.operations import AlreadyAnnulled
from tests.factories.applications import World
from tests.factories.base import as_actor, bari_design, join, make_organisation, make_person, make_staff

TODAY = date(2026, 3, 2)
NUMBERS = ("01234567890123", "01234567890124")
TWO = [
    Declaration("true", {"it": "Quanto dichiarato è vero", "en": "What is stated is true"}, "art. 76 DPR 445/2000"),
    Declaration("once", {"it": "Nessun doppio finanziamento", "en": "No double funding"}, "art. 47 DPR 445/2000"),
]
ASKING = replace(bari_design(), sending=SendingRules(TWO, StampDuty()))
SIGNED = replace(bari_design(), sending=SendingRules(TWO, None, SignOff.REPRESENTATIVE))
WHOLE = everything(ASKING, number=NUMBERS[0], day=TODAY)


# ---- what is missing, purely ----


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        (WHOLE, set()),
        (replace(WHOLE, number="0123 4567 8901 23"), set()),
        (replace(WHOLE, stamp="third_sector", number="", day=None), set()),
        (replace(WHOLE, declared=frozenset({"true"})), {DECLARED}),
        (Given(), {DECLARED, STAMP}),
        (replace(WHOLE, stamp="made_up"), {STAMP}),
        (replace(WHOLE, number="0123456789012"), {NUMBER}),
        (replace(WHOLE, number="0123456789012３"), {NUMBER}),
        (replace(WHOLE, number="0123456789012x"), {NUMBER}),
        (replace(WHOLE, day=None), {DAY}),
        (replace(WHOLE, day=TODAY + timedelta(days=1)), {DAY}),
    ],
)
def test_what_is_missing_of_declarations_and_stamp_is_said_by_field(given, wrong):
    assert set(faults_of(ASKING, given, TODAY)) == wrong


def test_a_call_that_asks_for_nothing_takes_nothing():
    assert faults_of(bari_design(), Given(), TODAY) == {}


def test_a_call_tells_declarations_and_exemptions_apart_and_names_their_articles():
    doubled = replace(ASKING, sending=SendingRules([TWO[0], replace(TWO[0], article=" ")], StampDuty(Decimal(0))))
    places = {fault.place for fault in design_faults(doubled)}
    assert {"sending.declarations", "sending.declarations.1.article", "sending.stamp_duty.amount"} <= places
    assert not [fault for fault in design_faults(ASKING) if fault.place.startswith("sending")]


# ---- sending ----


def send(world: World, application: Any, given: Given, *, by: Any = None) -> Any:
    return operations.submit_application(
        world.session, application_id=application.id, actor=by or world.actor, received_at=world.now, now=world.now,
        given=given,
    )  # fmt: skip


def test_declarations_and_stamp_are_frozen_with_who_accepted_them_and_when(session, now):
    world = World(session, now, design=ASKING)
    application = world.draft()
    with pytest.raises(NotDeclared):
        send(world, application, Given())
    content = send(world, application, WHOLE).content
    assert [(each["key"], each["article"], each["accepted_by"]["name"]) for each in content["declarations"]] == [
        ("true", "art. 76 DPR 445/2000", "Marta Rossi"), ("once", "art. 47 DPR 445/2000", "Marta Rossi"),
    ]  # fmt: skip
    assert content["declarations"][0]["accepted_at"] == content["received_at"]
    assert content["stamp_duty"] == {"number": NUMBERS[0], "day": "2026-03-02", "amount": "16.00"}
    assert session.scalars(select(StampMark.number)).all() == [NUMBERS[0]]


def test_a_stamp_is_good_for_one_application_and_stays_its_own_when_it_is_sent_again(session, now):
    world = World(session, now, design=ASKING)
    first = world.draft()
    send(world, first, WHOLE)
    operations.reopen_application(session, application_id=first.id, actor=world.actor, now=now)
    send(world, first, WHOLE)
    world.owner = make_person(session, now=now)
    world.organisation = make_organisation(session, now=now, owner=world.owner)
    other = world.draft()
    with pytest.raises(StampUsed):
        send(world, other, replace(WHOLE, number="0123 4567890123"))
    assert other.is_draft
    send(world, other, replace(WHOLE, number=NUMBERS[1]))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(StampMark).values(number="9" * 14))


def test_what_is_sent_is_what_the_page_showed(session, now):
    world = World(session, now)
    application = world.draft()
    seen = digest_of(open_draft(session, application))
    write(world, application, "Un altro titolo")
    with pytest.raises(ChangedMeanwhile):
        send(world, application, Given(seen=seen))
    send(world, application, Given(seen=digest_of(open_draft(session, application))))


def write(world: World, application: Any, title: str) -> None:
    section = next(s for s in application.design.sections if any(q.tag == "application.title" for q in s.questions))
    key = next(q.key for q in section.questions if q.tag == "application.title")
    sheet = open_draft(world.session, application).answers
    operations.save_answers(
        world.session, application=application, section_key=section.key, typed={key: title},
        base={key: sheet[key].version}, actor=world.actor, now=world.now,
    )  # fmt: skip


# ---- the confirmation ----


@pytest.fixture
def signing(session, now):
    """A world whose call wants a confirmation, a whole draft, an editor of the team."""
    world = World(session, now, design=SIGNED)
    world.editor = make_person(session, now=now, name="Ugo Bassi")  # type: ignore[attr-defined]
    join(session, world.editor, world.organisation, Tie.EDITOR, now=now)  # type: ignore[attr-defined]
    return world, world.draft()


def confirm(world: World, application: Any, **other: Any) -> SignOffRow:
    given: dict[str, Any] = {"seen": digest_of(open_draft(world.session, application)), "declared": ["true", "once"],
             "actor": world.actor} | other  # fmt: skip
    return operations.sign_off(world.session, application_id=application.id, now=world.now, **given)


def test_an_editor_asks_the_representative_confirms_and_it_is_sent(session, signing, now):
    world, application = signing
    editor = as_actor(session, world.editor, now=now)
    operations.ask_sign_off(session, application_id=application.id, person_id=world.owner.id, actor=editor, now=now)
    with pytest.raises(NotSigned):
        send(world, application, Given())
    confirm(world, application)
    content = send(world, application, Given()).content
    assert content["sign_off"]["by"]["name"] == "Marta Rossi"
    assert {each["accepted_by"]["name"] for each in content["declarations"]} == {"Marta Rossi"}


def test_any_change_afterwards_voids_a_confirmation_and_taking_it_back_revives_it(session, signing):
    world, application = signing
    confirm(world, application)
    write(world, application, "Cambiato dopo")
    with pytest.raises(NotSigned):
        send(world, application, Given())
    standing = signed_off(session, application.id, digest_of(open_draft(session, application)))
    assert standing.voided is not None
    write(world, application, "La casa delle bici")
    send(world, application, Given())


def test_nobody_else_confirms_and_nobody_confirms_unseen_or_without_a_fresh_second_factor(session, signing, now):
    world, application = signing
    other = make_person(session, now=now, name="Altra Socia")
    join(session, other, world.organisation, Tie.OWNER, now=now)
    editor = as_actor(session, world.editor, now=now)
    with pytest.raises(NotFound):
        confirm(world, application, actor=editor)
    with pytest.raises(ChangedMeanwhile):
        confirm(world, application, seen="")
    with pytest.raises(NotDeclared):
        confirm(world, application, declared=["true"])
    stale = replace(world.actor, strong_at=now - timedelta(minutes=11))
    with pytest.raises(ProofMissing):
        confirm(world, application, actor=stale)
    with pytest.raises(Invalid):
        operations.ask_sign_off(
            session, application_id=application.id, person_id=world.editor.id, actor=editor, now=now
        )
    operations.ask_sign_off(session, application_id=application.id, person_id=other.id, actor=editor, now=now)
    with pytest.raises(Forbidden):
        confirm(world, application)
    confirm(world, application, actor=as_actor(session, other, now=now))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(update(SignOffRow).values(digest="0" * 64))


# ---- annulment ----


def test_the_office_annuls_an_entry_that_does_not_count_and_its_row_stays(session, now):
    world = World(session, now)
    application = world.submitted()
    officer = as_actor(session, make_staff(session, world.authority, Role.OFFICER, now=now), now=now)
    act: dict[str, Any] = {
        "act_number": "DD 12",
        "act_date": TODAY,
        "reason": "Due volte",
        "actor": officer,
        "now": now,
    }
    first = application.submissions[0]
    with pytest.raises(StillCounts):
        operations.annul_registration(session, application_id=application.id, submission_id=first.id, **act)
    operations.reopen_application(session, application_id=application.id, actor=world.actor, now=now)
    send(world, application, Given())
    operations.annul_registration(session, application_id=application.id, submission_id=first.id, **act)
    with pytest.raises(AlreadyAnnulled):
        operations.annul_registration(session, application_id=application.id, submission_id=first.id, **act)
    assert [each.protocol_entry.number for each in application.submissions] == [1, 2]
    assert first.protocol_entry.annulment is not None
    assert first.protocol_entry.annulment.act_number == "DD 12"
