"""Coming in: invitations by mail, requests to be let in, and who must be kept out."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.access.models import Invitation, JoinRequest
from portal.access.operations import invitations, joining
from portal.access.operations.invitations import InvitationOver, TooManyOpen, TooManySent
from portal.access.operations.joining import AlreadyDecided, AskedTooOften
from portal.access.operations.members import AlreadyMember
from portal.access.policy import Tie
from portal.access.queries import token_hash
from portal.core.audit import AuditEvent
from portal.core.clock import now as instant
from portal.core.errors import Invalid, NotFound
from portal.core.jobs.models import Job
from portal.core.mail import OutgoingMail
from portal.notices.due import asks
from portal.notices.models import Notice
from tests.factories.base import as_actor, make_organisation, make_person, sign_in
from tests.factories.due import due_of
from tests.factories.members import acting, invite, link_in_mail, make_invitation, make_member, make_request

due_steps = due_of(asks)

NEW = "ada@prova.example"


@pytest.fixture
def owner(session, now):
    return make_person(session, now=now, name="Marta Bianchi")


@pytest.fixture
def mine(session, now, owner):
    return make_organisation(session, now=now, owner=owner, name="Il Ponte APS")


def accept(session, token, person, now):
    return invitations.accept_invitation(session, token=token, **acting(session, person, now))


def test_an_invitation_says_who_where_and_until_when_and_keeps_only_a_hash(session, now, owner, mine):
    token = invite(session, mine, owner, NEW, now, Tie.EDITOR)
    mail = session.scalars(select(OutgoingMail)).one()
    assert "Il Ponte APS" in mail.subject
    assert "Marta Bianchi" in mail.body
    row = session.scalars(select(Invitation)).one()
    assert (row.token_hash, row.expires_at) == (token_hash(token), now + timedelta(days=14))
    trail = session.scalars(select(AuditEvent).where(AuditEvent.event == "invitation.sent")).one()
    assert NEW not in str(trail.after)
    assert token not in str(trail.after)


def test_whoever_holds_the_link_joins_once_with_the_role_offered(session, now, owner, mine):
    token = invite(session, mine, owner, NEW, now, Tie.REPORTER)
    person, second = make_person(session, now=now, email="altra@prova.example"), make_person(session, now=now)
    accept(session, token, person, now)
    assert as_actor(session, person, now=now).ties_to(mine.id) == {"reporter"}
    for other in (person, second):
        with pytest.raises(InvitationOver):
            accept(session, token, other, now)
    assert session.scalars(select(Invitation)).one().accepted_by == person.id
    with pytest.raises(NotFound):
        accept(session, "not-a-link", second, now)


def test_an_invitation_ends_after_fourteen_days_or_when_withdrawn_or_replaced(session, now, owner, mine):
    person = make_person(session, now=now)
    late = invite(session, mine, owner, NEW, now, Tie.EDITOR)
    with pytest.raises(InvitationOver):
        accept(session, late, person, now + timedelta(days=14))
    replaced, withdrawn = late, invite(session, mine, owner, f" {NEW.upper()} ", now, Tie.VIEWER)
    row = session.scalars(select(Invitation).where(Invitation.token_hash == token_hash(withdrawn))).one()
    invitations.withdraw_invitation(
        session, organisation_id=mine.id, invitation_id=row.id, **acting(session, owner, now)
    )
    for token in (replaced, withdrawn):
        with pytest.raises(InvitationOver):
            accept(session, token, person, now)
    with pytest.raises(InvitationOver):
        invitations.withdraw_invitation(
            session, organisation_id=mine.id, invitation_id=row.id, **acting(session, owner, now)
        )


def test_the_invitation_of_another_organisation_cannot_be_withdrawn_through_ones_own(session, now, owner, mine):
    other_owner = make_person(session, now=now)
    other = make_organisation(session, now=now, owner=other_owner)
    make_invitation(session, other, other_owner, now=now)
    row = session.scalars(select(Invitation)).one()
    with pytest.raises(NotFound):
        invitations.withdraw_invitation(
            session, organisation_id=mine.id, invitation_id=row.id, **acting(session, owner, now)
        )


@pytest.mark.parametrize(
    "email", ["", "ada", "ada@prova", "a@b.it, c@d.it", "a\n@b.it", "адa@prova.example", "a" * 400]
)
def test_what_is_no_address_is_refused(session, now, owner, mine, email):
    with pytest.raises(Invalid) as refused:
        invite(session, mine, owner, email, now, Tie.EDITOR)
    assert refused.value.field == "email"
    with pytest.raises(Invalid):
        invite(session, mine, owner, NEW, now, Tie.CONFLICTED)


def test_ten_an_hour_and_twenty_open_are_enough(session, now, owner, mine):
    for number in range(20):
        make_invitation(session, mine, owner, now=now - timedelta(hours=1 + number // 10))
    with pytest.raises(TooManyOpen):
        invite(session, mine, owner, NEW, now, Tie.EDITOR)
    other = make_organisation(session, now=now, owner=owner)
    for number in range(10):
        invite(session, other, owner, f"persona-{number}@altrove.example", now, Tie.EDITOR)
    with pytest.raises(TooManySent):
        invite(session, other, owner, NEW, now, Tie.EDITOR)
    third = make_organisation(session, now=now, owner=owner)
    with pytest.raises(TooManySent):
        invite(session, third, owner, NEW, now, Tie.EDITOR)
    invite(session, third, owner, NEW, now + timedelta(hours=1), Tie.EDITOR)


def test_the_database_knows_one_open_invitation_of_an_address(session, now, owner, mine):
    make_invitation(session, mine, owner, now=now, email=NEW)
    with pytest.raises(IntegrityError, match=r"uq_invitation_open|invitation\.organisation_id"), session.begin_nested():
        make_invitation(session, mine, owner, now=now, email=NEW)


def test_a_member_does_not_join_again_and_an_open_request_is_settled(session, now, owner, mine):
    with pytest.raises(AlreadyMember):
        accept(session, make_invitation(session, mine, owner, now=now), owner, now)
    person = make_person(session, now=now)
    request = make_request(session, mine, person, now=now)
    accept(session, make_invitation(session, mine, owner, now=now), person, now)
    assert request.accepted is True


# ---- asking to be let in ----


def ask(session: Session, person, what: str, now) -> None:
    joining.ask_to_join(session, organisation=what, message="Sono Ada, tengo i conti.", **acting(session, person, now))
    for job in session.scalars(select(Job).where(Job.kind == joining.ASK_JOB)).all():
        joining.ask_members(session, now=now, **job.args)
        session.delete(job)
    session.flush()


def requests(session: Session) -> int:
    return session.scalar(select(func.count(JoinRequest.id))) or 0


def test_an_exact_code_or_the_exact_name_of_a_group_reaches_its_people(session, now, owner, mine):
    group = make_organisation(session, now=now, owner=owner, informal=True, name="Orti in Comune")
    person = make_person(session, now=now)
    for what in (f" {mine.fiscal_code} ", "orti in comune", "Orti", mine.name, "01199250158"):
        ask(session, person, what, now)
    asked = session.scalars(select(JoinRequest.organisation_id).order_by(JoinRequest.id)).all()
    assert asked == [mine.id, group.id], "neither part of a name nor the name of an entity finds anybody"
    steps = due_steps(session, as_actor(session, owner, now=now), now)
    assert [step.path for step in steps] == [f"/organisations/{each}/members#requests" for each in asked]
    assert len(session.scalars(select(Notice).where(Notice.person_id == owner.id)).all()) == 2


def test_nothing_is_looked_up_while_asking_and_nobody_asks_twice(session, now, owner, mine):
    person = make_person(session, now=now)
    joining.ask_to_join(session, organisation="01199250158", message="Io", **acting(session, person, now))
    joining.ask_to_join(session, organisation=mine.fiscal_code, message="Io", **acting(session, person, now))
    jobs = session.scalars(select(Job).where(Job.kind == joining.ASK_JOB)).all()
    assert len(jobs) == 2
    assert requests(session) == 0
    for job in (*jobs, *jobs):
        joining.ask_members(session, now=now, **job.args)
    member = make_member(session, mine, Tie.VIEWER, now=now)
    ask(session, member, mine.fiscal_code, now)
    assert requests(session) == 1


def test_five_an_hour_are_enough_whether_or_not_they_find_anybody(session, now, owner, mine):
    person = make_person(session, now=now)
    for _time in range(5):
        ask(session, person, "01199250158", now)
    with pytest.raises(AskedTooOften):
        ask(session, person, mine.fiscal_code, now)
    ask(session, person, mine.fiscal_code, now + timedelta(hours=1))
    assert requests(session) == 1


@pytest.mark.parametrize(("what", "field"), [("", "organisation"), (" \u200b", "organisation"),
                                             ("01199250159", "organisation")])  # fmt: skip
def test_what_cannot_be_meant_is_refused_alike_for_everybody(session, now, what, field):
    with pytest.raises(Invalid) as refused:
        ask(session, make_person(session, now=now), what, now)
    assert refused.value.field == field


def decide(session, mine, request, by, now, tie=None):
    given = {"organisation_id": mine.id, "request_id": request.id, **acting(session, by, now)}
    if tie is None:
        return joining.refuse_request(session, **given)
    return joining.accept_request(session, tie_given=tie, **given)


def test_who_represents_it_lets_in_or_refuses_once(session, now, owner, mine):
    first, second = make_person(session, now=now), make_person(session, now=now)
    accepted, refused = (make_request(session, mine, each, now=now) for each in (first, second))
    decide(session, mine, accepted, owner, now, Tie.VIEWER)
    decide(session, mine, refused, owner, now)
    assert as_actor(session, first, now=now).ties_to(mine.id) == {"viewer"}
    assert as_actor(session, second, now=now).ties_to(mine.id) == frozenset()
    with pytest.raises(AlreadyDecided):
        decide(session, mine, refused, owner, now, Tie.VIEWER)
    recipients = session.scalars(select(OutgoingMail.recipient).order_by(OutgoingMail.id)).all()
    assert recipients == [first.email, second.email]


def test_only_who_represents_this_very_organisation_decides(session, now, owner, mine):
    other_owner = make_person(session, now=now)
    other = make_organisation(session, now=now, owner=other_owner)
    request = make_request(session, mine, make_person(session, now=now), now=now)
    editor = make_member(session, mine, Tie.EDITOR, now=now)
    for organisation, by in ((other, other_owner), (mine, editor), (mine, other_owner)):
        with pytest.raises(NotFound):
            decide(session, organisation, request, by, now, Tie.VIEWER)


def test_the_page_of_a_link_leads_each_visitor_on(store, visitors, now):
    with store() as session:
        owner, known = make_person(session, now=now), make_person(session, now=now, email="nota@prova.example")
        organisation = make_organisation(session, now=now, owner=owner, name="Il Ponte APS")
        token = make_invitation(session, organisation, owner, now=now, email=NEW)
    address = f"/invitations/{token}"
    visitor = visitors().get(address)
    assert visitor.shows("Il Ponte APS")
    assert visitor.shows(owner.name)
    links = [link.get("href") for link in visitor.tree.xpath("//main//a")]
    assert [link for link in links if "next=" in link] == [f"/sign-in?next=/invitations/{token}",
                                                           f"/register?next=/invitations/{token}"]  # fmt: skip
    assert visitor.response.headers["Cache-Control"] == "no-store"
    visitor.get("/invitations/nothing-of-this-name", 404)
    page = sign_in(visitors(), known.email).get(address)
    assert page.shows("nota@prova.example")
    assert page.tree.xpath("//main//form[@action='/sign-out']"), "somebody else may sign in instead"
    assert NEW not in page.html, "the address it was sent to is not told to others"
    page.submit(address)
    assert page.url == f"/organisations/{organisation.id}"
    page.get(address)
    assert page.tree.xpath("//main//form") == []
    visitors().get(address, 410)


def test_the_answer_of_the_form_is_the_same_whoever_is_registered(store, visitors, now):
    with store() as session:
        owner = make_person(session, now=now)
        code = make_organisation(session, now=now, owner=owner).fiscal_code
        asking = make_person(session, now=now)
    page = sign_in(visitors(), asking.email)
    answers = []
    for what in (code, "01199250158"):
        page.get("/organisations/find").submit("#join", organisation=what, message="Sono Ada")
        answers.append((page.url, page.led_to, page.text))
    assert answers[0] == answers[1]


def test_the_answer_to_an_invitation_does_not_tell_who_has_an_account(store, visitors, now):
    with store() as session:
        owner, known = make_person(session, now=now), make_person(session, now=now)
        organisation = make_organisation(session, now=now, owner=owner)
    page = sign_in(visitors(), owner.email)
    answers = []
    for email in (known.email, "ignota@prova.example"):
        page.get(f"/organisations/{organisation.id}/invitations/new").submit("#invitation", email=email, tie="viewer")
        answers.append((page.led_to, page.text.replace(email, "…").replace(known.email, "…")))
    assert answers[0][0] == answers[1][0]
    with store() as session:
        assert link_in_mail(session, known.email) != link_in_mail(session, "ignota@prova.example")
        assert session.scalars(select(Invitation.expires_at)).first() > instant()
