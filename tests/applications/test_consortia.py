"""A consortium applies where the call admits it: with a partner at least, its organisations frozen with the rest."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.access.models import OrganisationRegistration, Person
from portal.access.operations import consortia
from portal.applications import operations
from portal.applications.checks import broken
from portal.applications.content import content_hash
from portal.applications.models import Application, TakingPart
from portal.applications.operations import NotEligible, NotReady
from portal.applications.operations.refusals import StandsInTwo
from portal.applications.operations.reuse import offers_for
from portal.applications.operations.taking import take_part
from portal.applications.queries import open_draft
from portal.applications.queries.elsewhere import points_of
from portal.applications.queries.reused import reused_in
from portal.applications.queries.sign_offs import digest_of
from portal.applications.rules import AdmissibilityPoint
from portal.calls.rules import ApplicantRule, Participation, TwoConsortia
from portal.calls.rules.validity import faults_of
from portal.core.errors import NotFound
from portal.core.unit_of_work import refusal_for
from tests.factories.applications import World, fill, make_draft, send
from tests.factories.base import as_actor, bari_design, make_call, make_organisation, make_person, sign_in
from tests.factories.members import acting, agree, ask, make_consortium

TOGETHER = ApplicantRule(
    kind="consortium", forms=["temporary_association"], minimum=Decimal(15000), maximum=Decimal(40000),
    cofinancing=Decimal(15),
)  # fmt: skip


def open_to_consortia():
    """The call of Bari, as it would be if several organisations could apply together."""
    design = bari_design()
    return replace(design, applicants=[*design.applicants, TOGETHER])


def test_a_call_may_admit_consortia_and_no_other_form_of_them():
    design = open_to_consortia()
    assert faults_of(design) == []
    for kind, form in (("consortium", "association"), ("legal_entity", "temporary_association"),
                       ("informal_group", "temporary_association")):  # fmt: skip
        wrong = replace(design, applicants=[replace(TOGETHER, kind=kind, forms=[form])])
        assert any("is not a legal form of" in str(fault) for fault in faults_of(wrong))


class Together(World):
    """A world whose organisation leads a consortium with one partner."""

    def __init__(self, session, now) -> None:
        super().__init__(session, now)
        self.partner_owner = make_person(session, now=now)
        self.partner = make_organisation(session, now=now, owner=self.partner_owner, name="Ente partner")
        self.call = make_call(session, self.authority, now=now, design=open_to_consortia())
        self.consortium = make_consortium(
            session, self.organisation, self.owner, (self.partner, self.partner_owner), now=now
        )

    def begin(self, by, **given):
        actor = as_actor(self.session, by, now=self.now)
        return make_draft(self.session, self.call, self.consortium, by=actor, now=self.now, **given)

    def send(self, application, by):
        return send(self.session, application, by=as_actor(self.session, by, now=self.now), at=self.now)


@pytest.fixture
def together(session, now):
    return Together(session, now)


def test_a_partner_begins_and_writes_and_the_lead_sends(together, session):
    application = together.begin(together.partner_owner)
    with pytest.raises(NotFound):
        together.send(application, together.partner_owner)
    together.send(application, together.owner)
    session.refresh(application)
    content = application.submissions[0].content
    assert [(each["name"], each["role"]) for each in content["organisation"]["partners"]] == [
        (together.organisation.name, "lead"), (together.partner.name, "partner"),
    ]  # fmt: skip
    assert content_hash(content) == application.submissions[0].content_sha256
    known = session.scalars(select(OrganisationRegistration.organisation_id)).all()
    assert {together.organisation.id, together.partner.id, together.consortium.id} <= set(known)


def test_from_asking_to_sending_every_partner_answers_by_its_own_sign_in(session, now):
    """The whole way of an ATS: chosen at the start, written with earlier answers, sent once everybody has agreed."""
    world = Together(session, now)
    earlier = make_draft(session, make_call(session, world.authority, now=now), world.organisation, by=world.actor,
                         now=now)  # fmt: skip
    send(session, earlier, by=world.actor, at=now)
    other_owner = make_person(session, now=now)
    other = make_organisation(session, now=now, owner=other_owner, name="Ente assente")
    ask(session, world.consortium, other, world.owner, now)
    application = world.begin(world.owner, whole=False)
    lead, partner = (as_actor(session, each, now=now) for each in (world.owner, world.partner_owner))
    (offer,) = offers_for(session, application=application, actor=lead)
    assert offers_for(session, application=application, actor=partner) == [], "what the lead wrote before is its own"
    operations.reuse_answers(session, application_id=application.id, source_id=offer.source.id, keys=["title"],
                             actor=lead, now=now)  # fmt: skip
    assert [(each.key, each.reference) for each in reused_in(session, application.id)] == [("title", earlier.reference)]
    fill(session, application, by=partner, now=now)
    with pytest.raises(NotReady) as refused:
        world.send(application, world.owner)
    assert ["Ente assente" in str(each.message) for each in refused.value.assessment.faults] == [True]
    with pytest.raises(NotFound):
        agree(session, world.consortium, other, world.owner, now)
    agree(session, world.consortium, other, other_owner, now)
    session.expire_all()
    world.send(application, world.owner)
    stand = session.scalars(select(TakingPart).order_by(TakingPart.id)).all()
    assert {each.organisation_id for each in stand} == {world.organisation.id, world.partner.id, other.id}
    assert list(broken(session)) == []
    stand[0].until = now
    session.flush()
    assert [application.reference in line for line in broken(session)] == [True]
    stand[0].until, stand[0].application_id = None, earlier.id
    session.flush()
    assert len(list(broken(session))) == 3, "one lacks; one stands in another phase, and where nobody applied together"


def test_who_is_newly_asked_or_asked_again_agrees_anew_before_it_is_sent_again(together, session, now):
    """What somebody agreed to before they left counts for nothing, and a confirmation falls with who takes part."""
    application = together.begin(together.owner)
    together.send(application, together.owner)
    lead, before = as_actor(session, together.owner, now=now), digest_of(open_draft(session, application))
    operations.reopen_application(session, application_id=application.id, actor=lead, now=now)
    newcomer = make_person(session, now=now)
    new = make_organisation(session, now=now, owner=newcomer, name="Ente nuovo")
    ask(session, together.consortium, new, together.owner, now)
    assert refused(together, session, application) == ["Ente nuovo"]
    agree(session, together.consortium, new, newcomer, now)
    session.expire_all()
    assert digest_of(open_draft(session, application)) != before
    consortia.leave_consortium(session, consortium_id=together.consortium.id, organisation_id=together.partner.id,
                               **acting(session, together.partner_owner, now))  # fmt: skip
    ask(session, together.consortium, together.partner, together.owner, now)
    assert refused(together, session, application) == ["Ente partner"]
    agree(session, together.consortium, together.partner, together.partner_owner, now)
    session.expire_all()
    together.send(application, together.owner)
    assert {each["name"] for each in application.submission.content["organisation"]["partners"]} == {
        together.organisation.name, "Ente nuovo", "Ente partner",
    }  # fmt: skip


def refused(together, session, application):
    """Who has not agreed, as the refusal names them."""
    session.expire_all()
    with pytest.raises(NotReady) as refusal:
        together.send(application, together.owner)
    said = [str(each.message) for each in refusal.value.assessment.faults]
    return [name for name in ("Ente nuovo", "Ente partner") if any(name in each for each in said)]


def test_the_lead_alone_is_no_consortium(together, session):
    application = together.begin(together.owner)
    consortia.leave_consortium(
        session, consortium_id=together.consortium.id, organisation_id=together.partner.id,
        **acting(session, together.partner_owner, together.now),
    )  # fmt: skip
    session.expire_all()
    with pytest.raises(NotReady):
        together.send(application, together.owner)


def test_a_call_that_does_not_admit_consortia_refuses_one(together, session):
    elsewhere = make_call(session, together.authority, now=together.now)
    with pytest.raises(NotEligible):
        operations.start_application(
            session, call=elsewhere, phase=elsewhere.phases[0], organisation_id=together.consortium.id,
            **acting(session, together.owner, together.now),
        )  # fmt: skip


def test_the_organisations_are_named_where_the_applicant_is(store, now, page):
    with store() as session:
        together = Together(session, now)
        application = together.begin(together.owner)
        address, email = f"/applications/{application.id}", together.owner.email
    sign_in(page, email).get(address)
    assert page.shows("Ente partner")
    with store() as session:
        together.session = session
        together.send(session.merge(application), together.owner)
    for shown in (address, f"{address}/content"):
        page.get(shown)
        assert page.shows("Ente partner")


def bound(two=TwoConsortia.ALLOWED, **rule):
    """The same call, with what it asks of consortia."""
    design = open_to_consortia()
    applicants = [*design.applicants[:-1], replace(TOGETHER, **rule)]
    return replace(design, applicants=applicants, participation=Participation(two_consortia=two))


class Twice(Together):
    """The partner stands in a second consortium too, led by somebody else."""

    def __init__(self, session, now, **design) -> None:
        super().__init__(session, now)
        self.call = make_call(session, self.authority, now=now, design=bound(**design))
        self.other_owner = make_person(session, now=now)
        self.other = make_organisation(session, now=now, owner=self.other_owner, name="Ente capofila")
        self.second = make_consortium(
            session, self.other, self.other_owner, (self.partner, self.partner_owner), now=now, name="ATS Seconda"
        )

    def both(self):
        mine = self.begin(self.owner)
        actor = as_actor(self.session, self.other_owner, now=self.now)
        return mine, make_draft(self.session, self.call, self.second, by=actor, now=self.now)


def test_a_call_that_refuses_an_organisation_in_two_consortia_takes_the_first(session, now):
    world = Twice(session, now, two=TwoConsortia.REFUSED)
    mine, theirs = world.both()
    world.send(mine, world.owner)
    with pytest.raises(NotReady) as refused:
        world.send(theirs, world.other_owner)
    assert ["Ente partner" in str(fault.message) for fault in refused.value.assessment.faults] == [True]
    with pytest.raises(IntegrityError) as error, session.begin_nested():
        take_part(session, application=theirs, now=now)
    assert isinstance(refusal_for(error.value), StandsInTwo)
    operations.withdraw_application(
        session, application_id=mine.id, actor=as_actor(session, world.owner, now=now), now=now
    )
    world.send(theirs, world.other_owner)


def test_where_two_exclude_all_the_office_reads_which_other_one_and_decides(store, now):
    with store() as session:
        world = Twice(session, now, two=TwoConsortia.EXCLUDES_ALL)
        mine, theirs = world.both()
        world.send(mine, world.owner)
        assert consortium_point(session, mine).is_met
        world.send(theirs, world.other_owner)
        for one, other in ((mine, theirs), (theirs, mine)):
            point = consortium_point(session, one)
            assert not point.is_met
            assert other.reference in str(point.detail)
            assert "Ente partner" in str(point.detail)


def test_where_two_exclude_all_each_is_warned_before_it_begins_and_before_it_sends(store, now, page):
    with store() as session:
        world = Twice(session, now, two=TwoConsortia.EXCLUDES_ALL)
        mine, theirs = world.both()
        begin, address = f"/calls/{world.call.slug}/apply", f"/applications/{theirs.id}/send"
        email, mine_id = world.other_owner.email, mine.id
    sign_in(page, email).get(begin)
    assert page.shows("Un ente sta in una sola ATS")
    page.click("Costituisci un'ATS di cui Ente capofila è capofila")
    page.get(address)
    assert page.shows("Un ente sta in una sola ATS")
    with store() as session:
        world.session = session
        world.send(session.get_one(Application, mine_id), session.get_one(Person, world.owner.id))
    for path in (begin, address):
        page.get(path)
        assert page.shows("Ente partner")
        assert page.shows("l'avviso le esclude entrambe")
    page.submit(address)
    assert page.url.endswith("/receipt"), "warned, and free to send"


def consortium_point(session, application):
    (point,) = [each for each in points_of(session, application) if each.key is AdmissibilityPoint.CONSORTIUM]
    return point


def test_a_consortium_has_as_many_organisations_as_the_call_asks_for(store, now):
    with store() as session:
        world = Twice(session, now, minimum_organisations=3)
        mine = world.begin(world.owner)
        with pytest.raises(NotReady) as refused:
            world.send(mine, world.owner)
        assert ["3" in str(fault.message) for fault in refused.value.assessment.faults] == [True]
