"""Consortia: partners agree, members follow in the same transaction, the lead changes hands only by agreement."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from portal.access import checks
from portal.access.models import ConsortiumPartner, Organisation, TieRow
from portal.access.operations import consortia, members
from portal.access.operations.consortia import LeadStays, OnlyEntitiesLead, TakesPartAlready
from portal.access.operations.members import ThroughItsOrganisations
from portal.access.operations.organisations import know_organisation
from portal.access.policy import Role, Tie
from portal.access.queries.consortia import payee_of
from portal.access.queries.organisations import is_known
from portal.access.rules import LegalForm, OrganisationKind, PartnerRole
from portal.access.rules.consortia import BY_STRENGTH, TIE_TO_CONSORTIUM, ties_to_consortium
from portal.access.ties import untie
from portal.core.audit import AuditEvent
from portal.core.db import new_id
from portal.core.errors import Conflict, Invalid, NotFound
from portal.notices.due import asks
from portal.notices.models import Notice
from tests.factories.base import as_actor, join, make_authority, make_organisation, make_person, make_staff, sign_in
from tests.factories.due import due_of
from tests.factories.members import acting, agree, ask, live_places, make_consortium, make_member

due_steps = due_of(asks)

OWNERS = [Tie.OWNER, Tie.EDITOR, Tie.VIEWER, Tie.REPORTER]


class Three:
    """A lead, two partners, and who represents each."""

    def __init__(self, session, now) -> None:
        self.session, self.now = session, now
        self.owners = [make_person(session, now=now, name=f"Persona {letter}") for letter in "ABC"]
        self.organisations = [
            make_organisation(session, now=now, owner=owner, name=f"Ente {letter}")
            for owner, letter in zip(self.owners, "ABC", strict=True)
        ]
        self.lead, self.partner, self.other = self.organisations
        self.consortium = make_consortium(session, self.lead, self.owners[0], (self.partner, self.owners[1]), now=now)

    def held(self, person) -> set[str]:
        return set(as_actor(self.session, person, now=self.now).ties_to(self.consortium.id))

    def by(self, person):
        return acting(self.session, person, self.now)

    def do(self, operation, organisation, person):
        return operation(
            self.session, consortium_id=self.consortium.id, organisation_id=organisation.id, **self.by(person)
        )


@pytest.fixture
def three(session, now):
    return Three(session, now)


def test_a_consortium_has_a_lead_and_nothing_that_identifies_it(three):
    made = three.consortium
    assert (made.kind, made.legal_form) == (OrganisationKind.CONSORTIUM, LegalForm.TEMPORARY_ASSOCIATION)
    assert (made.fiscal_code, made.email) == (None, three.lead.email)
    assert live_places(three.session, made) == {three.lead.id: "lead", three.partner.id: "partner"}
    assert three.held(three.owners[0]) == {"owner"}
    assert three.held(three.owners[1]) == {"editor"}
    assert three.held(three.owners[2]) == set()
    assert payee_of(three.session, made) == three.lead
    assert payee_of(three.session, three.partner) == three.partner


def test_whoever_is_asked_agrees_or_declines_and_takes_part_only_then(three):
    session, owner = three.session, three.owners[2]
    viewer = make_member(session, three.other, Tie.VIEWER, now=three.now)
    ask(session, three.consortium, three.other, three.owners[0], three.now)
    assert three.held(owner) == three.held(viewer) == set()
    steps = due_steps(session, as_actor(session, owner, now=three.now), three.now)
    assert [step.path for step in steps] == [f"/organisations/{three.other.id}/consortia"]
    three.do(consortia.decline_consortium, three.other, owner)
    ask(session, three.consortium, three.other, three.owners[0], three.now)
    agree(session, three.consortium, three.other, owner, three.now)
    assert (three.held(owner), three.held(viewer)) == ({"editor"}, {"viewer"})
    with pytest.raises(Conflict):
        agree(session, three.consortium, three.other, owner, three.now)


def test_only_its_own_people_agree_and_only_the_lead_asks(three):
    session, now = three.session, three.now
    ask(session, three.consortium, three.other, three.owners[0], now)
    editor = make_member(session, three.other, Tie.EDITOR, now=now)
    for person in (three.owners[0], three.owners[1], editor):
        with pytest.raises(NotFound):
            agree(session, three.consortium, three.other, person, now)
    for person in (three.owners[1], three.owners[2], make_member(session, three.lead, Tie.EDITOR, now=now)):
        with pytest.raises(NotFound):
            ask(session, three.consortium, three.other, person, now)


@pytest.mark.parametrize("what", ["unknown", "group", "itself", "asked", "consortium"])
def test_who_cannot_be_asked_is_refused_beside_the_field(three, what):
    session, now = three.session, three.now
    group = make_organisation(session, now=now, owner=make_person(session, now=now), informal=True)
    codes = {"unknown": "01199250158", "itself": three.lead.fiscal_code, "asked": three.partner.fiscal_code,
             "group": group.fiscal_code or "", "consortium": three.consortium.fiscal_code or ""}  # fmt: skip
    with pytest.raises(Invalid) as refused:
        consortia.invite_partner(
            session, consortium_id=three.consortium.id, fiscal_code=codes[what], **three.by(three.owners[0])
        )
    assert refused.value.field == "fiscal_code"
    assert isinstance(refused.value, TakesPartAlready) == (what in ("itself", "asked"))


def test_a_group_and_a_consortium_lead_nothing(three):
    session, now = three.session, three.now
    person = make_person(session, now=now)
    group = make_organisation(session, now=now, owner=person, informal=True)
    for lead, by in ((group, person), (three.consortium, three.owners[0])):
        with pytest.raises(OnlyEntitiesLead):
            consortia.form_consortium(session, lead_id=lead.id, name="ATS", **acting(session, by, now))


def test_members_of_lead_and_partners_follow_in_the_same_transaction(three):
    session, now = three.session, three.now
    found = {}
    for organisation in (three.lead, three.partner):
        for how in OWNERS:
            found[organisation.id, how] = make_member(session, organisation, how, now=now)
    assert [three.held(found[three.lead.id, how]) for how in OWNERS] == [{each.value} for each in OWNERS]
    assert [three.held(found[three.partner.id, how]) for how in OWNERS] == [{"editor"}, {"viewer"}, {"viewer"},
                                                                          {"viewer"}]  # fmt: skip
    owner, editor = found[three.lead.id, Tie.OWNER], found[three.lead.id, Tie.EDITOR]
    members.change_role(session, organisation_id=three.lead.id, person_id=editor.id, tie_wanted=Tie.VIEWER,
                        **three.by(owner))  # fmt: skip
    members.remove_member(session, organisation_id=three.lead.id, person_id=three.owners[0].id, **three.by(owner))
    assert (three.held(editor), three.held(three.owners[0]), three.held(owner)) == ({"viewer"}, set(), {"owner"})
    assert list(checks.broken(session)) == []


def test_whoever_comes_from_two_organisations_stays_while_one_of_them_does(three):
    session, now = three.session, three.now
    both = make_member(session, three.lead, Tie.VIEWER, now=now)
    assert three.held(both) == {"viewer"}
    join(session, both, three.partner, Tie.OWNER, now=now)
    assert three.held(both) == {"editor"}
    given = {"organisation_id": three.partner.id, "person_id": both.id}
    members.remove_member(session, **given, **three.by(three.owners[1]))
    assert three.held(both) == {"viewer"}


def test_a_consortium_has_no_members_of_its_own(three):
    session = three.session
    given = {"organisation_id": three.consortium.id}
    with pytest.raises(ThroughItsOrganisations):
        members.leave_organisation(session, **given, **three.by(three.owners[1]))
    with pytest.raises(ThroughItsOrganisations):
        members.remove_member(session, person_id=three.owners[1].id, **given, **three.by(three.owners[0]))


def test_a_partner_leaves_and_the_lead_stays(three):
    later = three.now + timedelta(days=3)
    with pytest.raises(LeadStays):
        three.do(consortia.leave_consortium, three.lead, three.owners[0])
    three.now = later
    three.do(consortia.leave_consortium, three.partner, three.owners[1])
    assert three.held(three.owners[1]) == set()
    ended = select(TieRow.until).where(TieRow.person_id == three.owners[1].id, TieRow.object_id == three.consortium.id)
    assert three.session.scalars(ended).all() == [later]
    assert live_places(three.session, three.consortium) == {three.lead.id: "lead"}
    assert "consortium.left" in three.session.scalars(select(AuditEvent.event)).all()


def test_the_lead_changes_hands_only_when_the_other_agrees(three):
    session = three.session
    with pytest.raises(Conflict):
        three.do(consortia.take_lead, three.partner, three.owners[1])
    with pytest.raises(NotFound):
        three.do(consortia.offer_lead, three.other, three.owners[0])
    three.do(consortia.offer_lead, three.partner, three.owners[0])
    three.do(consortia.refuse_lead, three.partner, three.owners[1])
    with pytest.raises(Conflict):
        three.do(consortia.take_lead, three.partner, three.owners[1])
    three.do(consortia.offer_lead, three.partner, three.owners[0])
    with pytest.raises(NotFound):
        three.do(consortia.take_lead, three.partner, three.owners[0])
    three.do(consortia.take_lead, three.partner, three.owners[1])
    assert live_places(session, three.consortium) == {three.lead.id: "partner", three.partner.id: "lead"}
    assert (three.held(three.owners[0]), three.held(three.owners[1])) == ({"editor"}, {"owner"})
    assert payee_of(session, three.consortium) == three.partner
    assert list(checks.broken(session)) == []


def test_offices_that_know_it_reach_its_organisations_and_learn_of_changes(three):
    session, now = three.session, three.now
    authority = make_authority(session)
    officer = make_staff(session, authority, Role.OFFICER, now=now)
    know_organisation(session, organisation_id=three.consortium.id, authority_id=authority.id, now=now)
    ask(session, three.consortium, three.other, three.owners[0], now)
    assert [is_known(session, each.id, authority.id) for each in three.organisations] == [True, True, False]
    agree(session, three.consortium, three.other, three.owners[2], now)
    assert is_known(session, three.other.id, authority.id)
    inbox = session.scalars(select(Notice.text).where(Notice.person_id == officer.id)).all()
    assert ["Ente C" in text["it"] for text in inbox] == [True]


def test_the_database_knows_one_lead_who_has_agreed(three):
    session = three.session
    row = {"consortium_id": three.consortium.id, "organisation_id": three.other.id, "invited_by": three.owners[0].id,
           "since": three.now, "role": PartnerRole.LEAD}  # fmt: skip
    for more in ({"agreed_at": three.now, "agreed_by": three.owners[2].id}, {}):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(insert(ConsortiumPartner).values(id=new_id(), **row, **more))


def test_the_checker_finds_ties_that_their_organisations_do_not_give(three):
    untie(three.session, person_id=three.owners[1].id, tie=Tie.EDITOR, object_id=three.consortium.id, now=three.now)
    assert len(list(checks.broken(three.session))) == 1


roles = st.sampled_from(list(PartnerRole))


@given(st.lists(st.tuples(st.uuids(), roles, st.sampled_from(OWNERS)), max_size=12))
def test_every_member_of_an_organisation_is_a_member_of_its_consortium_and_only_the_lead_owns_it(given_members):
    found = ties_to_consortium(given_members)
    assert found.keys() == {person for person, _, _ in given_members}
    for person, how in found.items():
        given_here = [TIE_TO_CONSORTIUM[role][tie] for each, role, tie in given_members if each == person]
        assert BY_STRENGTH.index(how) == min(map(BY_STRENGTH.index, given_here))
        owns = any(role is PartnerRole.LEAD and tie is Tie.OWNER for each, role, tie in given_members if each == person)
        assert (how is Tie.OWNER) == owns


def test_by_clicking_from_forming_to_agreeing_and_leaving(store, visitors, now):
    with store() as session:
        owners = [make_person(session, now=now) for _ in range(2)]
        lead, partner = (make_organisation(session, now=now, owner=owner) for owner in owners)
    page, other = sign_in(visitors(), owners[0].email), sign_in(visitors(), owners[1].email)
    page.get(f"/organisations/{lead.id}/consortia/new").submit("#consortium", name="ATS Cortili aperti")
    page.submit("#partner", 422, fiscal_code="01199250158")
    page.submit("#partner", fiscal_code=partner.fiscal_code)
    address = f"/organisations/{partner.id}/consortia"
    with store() as session:
        made = session.scalars(select(Organisation).where(Organisation.kind == OrganisationKind.CONSORTIUM)).one()
    other.get(address).submit(f"{address}/{made.id}/agree")
    other.get(f"/organisations/{made.id}/partners")
    assert other.shows(lead.name)
    other.get(f"/organisations/{made.id}")
    other.get(f"/organisations/{made.id}/members")
    other.get(address).submit(f"{address}/{made.id}/leave")
    other.get(f"/organisations/{made.id}", 404)
