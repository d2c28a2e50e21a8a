"""Accounts: links that open once and tell nothing, new addresses, new passwords, closing."""

from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, func, select

from portal.access.models import AccountLink, LinkRequest, Person, SignInFailure, TieRow, WebSession
from portal.access.operations import accounts, passwords
from portal.access.operations.accounts import AddressTaken, StillNeeded
from portal.access.operations.links import TooManyLinks, answer_link_request, ask_for_link, take_link
from portal.access.operations.passwords import WrongPassword
from portal.access.operations.signing_in import check_password, count_attempt, sign_in
from portal.access.policy import Role, Tie
from portal.access.queries import email_hash, token_hash
from portal.access.queries.accounts import LinkOver, NoSuchLink, open_link, organisations_only_theirs
from portal.access.rules import AccountClosed, LinkPurpose, is_address
from portal.access.ties import tie
from portal.core import events
from portal.core.actor import ANONYMOUS, SYSTEM, Actor
from portal.core.audit import AuditEvent
from portal.core.audit.verification import verify
from portal.core.errors import Invalid
from portal.core.jobs.models import Job
from tests.factories.accounts import answer_requests, ask, link_to, mails_to
from tests.factories.base import PASSWORD, as_actor, join, make_authority, make_organisation, make_person, make_staff

NEW = "tre gatti sul tetto"
REGISTER, RESET, CHANGE_EMAIL = LinkPurpose.REGISTER, LinkPurpose.RESET, LinkPurpose.CHANGE_EMAIL
ADA = "ada@prova.example"


def register(session, token, now, **changes):
    given = {"token": token, "name": "Ada Bianchi", "password": NEW, "locale": "it", "user_agent": "", "now": now}
    return accounts.register_person(session, actor=ANONYMOUS, **(given | changes))


def signed_in(session, person, now):
    """The actor of a sign-in of this person."""
    token, _ = sign_in(session, person=person, user_agent="", now=now)
    row = session.scalars(select(WebSession).where(WebSession.token_hash == token_hash(token))).one()
    return Actor(person_id=person.id, name=person.name, ties=as_actor(session, person, now=now).ties,
                          session_id=row.id)  # fmt: skip


def live_sessions(session, person):
    live = select(func.count(WebSession.id)).where(WebSession.person_id == person.id, WebSession.ended_at.is_(None))
    return session.scalar(live)


# ---- links ----


def test_a_link_registers_once_and_only_its_hash_is_kept(session, now):
    token = ask(session, REGISTER, "Ada@Prova.example", now=now)
    assert token == ""
    token = link_to(session, ADA).rsplit("/", 1)[1]
    _, person_id = register(session, token, now)
    person = session.get_one(Person, person_id)
    assert (person.email, person.name, check_password(person=person, password=NEW)) == (ADA, "Ada Bianchi", person)
    with pytest.raises(LinkOver):
        register(session, token, now)
    kept = [*session.scalars(select(AccountLink.token_hash)), *session.scalars(select(AuditEvent.after)),
            *session.scalars(select(Job.args)), *session.scalars(select(LinkRequest.email))]  # fmt: skip
    assert token not in repr(kept)
    assert session.scalars(select(LinkRequest.email)).all() == [None]
    assert list(verify(session)) == []


@pytest.mark.parametrize(("purpose", "minutes"), [(REGISTER, 24 * 60), (RESET, 30)])
def test_a_link_opens_until_its_end_and_for_its_purpose_alone(session, now, purpose, minutes):
    if purpose is RESET:
        make_person(session, now=now, email=ADA)
    token = ask(session, purpose, ADA, now=now)
    end = now + timedelta(minutes=minutes)
    assert open_link(session, token, purpose, end - timedelta(seconds=1)).email == ADA
    with pytest.raises(LinkOver):
        take_link(session, token=token, purpose=purpose, actor=ANONYMOUS, now=end)
    for other in set(LinkPurpose) - {purpose}:
        with pytest.raises(NoSuchLink):
            open_link(session, token, other, now)
    with pytest.raises(NoSuchLink):
        open_link(session, token[:-1], purpose, now)


def test_asking_looks_nobody_up_and_says_the_same_of_everybody(session, now):
    make_person(session, now=now, email=ADA)
    session.flush()
    sent: list[str] = []
    note = partial(_note, sent)
    event.listen(session.connection(), "before_cursor_execute", note)
    for address in (ADA, "nobody@prova.example"):
        ask_for_link(session, purpose=REGISTER, email=address, locale="it", now=now)
        session.flush()
    event.remove(session.connection(), "before_cursor_execute", note)
    assert sent[: len(sent) // 2] == sent[len(sent) // 2 :]
    assert not [statement for statement in sent if "FROM person" in statement]


def _note(sent, _connection, _cursor, statement, *_):
    sent.append(statement)


def test_whoever_has_an_account_is_told_how_to_go_on_and_gets_no_link(session, now):
    person = make_person(session, now=now, email=ADA)
    assert ask(session, REGISTER, ADA, now=now) == ""
    assert "/reset" in mails_to(session, ADA)[-1].body
    person.disabled_at = person.closed_at = now
    for purpose in (REGISTER, RESET):
        assert ask(session, purpose, ADA, now=now) == ""
        assert "2 marzo 2026" in mails_to(session, ADA)[-1].body
    assert ask(session, RESET, "nobody@prova.example", now=now) == ""
    assert "/register" in mails_to(session, "nobody@prova.example")[-1].body
    assert session.scalar(select(func.count(AccountLink.id))) == 0


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("purpose", [REGISTER, RESET])
def test_an_address_gets_three_messages_an_hour_known_or_not(session, now, purpose, known):
    if known:
        make_person(session, now=now, email=ADA)
    for minute in range(3):
        ask(session, purpose, ADA, now=now + timedelta(minutes=minute))
    with pytest.raises(TooManyLinks):
        ask_for_link(session, purpose=purpose, email=ADA.upper(), locale="it", now=now + timedelta(minutes=59))
    ask(session, RESET if purpose is REGISTER else REGISTER, ADA, now=now)
    ask(session, purpose, ADA, now=now + timedelta(hours=1))
    assert len(mails_to(session, ADA)) == 5


def test_requests_that_came_at_once_get_no_more_messages_and_an_answer_comes_once(session, now):
    for _ in range(5):
        request = LinkRequest(purpose=REGISTER, email=ADA, email_hash=email_hash(ADA), locale="it", asked_at=now)
        session.add(request)
        session.flush()
    answer_requests(session, now=now)
    answer_link_request(session, request_id=request.id, now=now)
    assert len(mails_to(session, ADA)) == 3


def test_the_links_of_an_address_are_void_once_it_has_an_account(session, now):
    first, second = (ask(session, REGISTER, ADA, now=now) for _ in range(2))
    register(session, second, now)
    with pytest.raises(LinkOver):
        register(session, first, now)
    late = ask(session, REGISTER, "eva@prova.example", now=now)
    accounts.create_person(session, email="EVA@prova.example", name="Eva", password=NEW, actor=SYSTEM, now=now)
    with pytest.raises(LinkOver):
        register(session, late, now)
    with pytest.raises(AddressTaken):
        accounts.create_person(session, email="eva@prova.example", name="Eva", password=NEW, actor=SYSTEM, now=now)


def test_a_refused_password_leaves_the_link_as_it_was(session, now):
    token = ask(session, REGISTER, ADA, now=now)
    session.commit()
    with pytest.raises(Invalid):
        register(session, token, now, password="ada bianchi 1980")
    session.rollback()
    register(session, token, now)


@pytest.mark.parametrize(("text", "good"), [
    (ADA, True), ("Ada.B+c@Sub.Prova.example", True), ("a'b@prova.example", True), ("a@xn--pckaqa.xn--p1ai", True),
    ("", False), ("ada", False), ("a@b", False), ("a@b..it", False), (".a@b.it", False), ("a b@c.it", False),
    ("à@b.it", False), ("ada@prová.it", False), ("ſ@b.it", False), ("a@b.it\nBcc: x@y.it", False), ("a@-b.it", False),
    ("a@b.it,c@d.it", False), ("<a@b.it>", False), ("a" * 65 + "@b.it", False), ("a@" + "b." * 130 + "it", False),
])  # fmt: skip
def test_an_address_is_one_and_cannot_be_taken_for_another(text, good):
    assert is_address(text) is good


# ---- passwords ----


def test_a_reset_ends_every_sign_in_and_voids_other_links(session, now):
    person = make_person(session, now=now, email=ADA)
    signed_in(session, person, now)
    count_attempt(session, email=ADA, now=now)
    other, token = ask(session, RESET, ADA, now=now), ask(session, RESET, ADA, now=now)
    passwords.reset_password(session, token=token, password=NEW, actor=ANONYMOUS, now=now)
    assert live_sessions(session, person) == 0
    assert check_password(person=person, password=NEW) is person
    assert check_password(person=person, password=PASSWORD) is None
    assert session.scalar(select(func.count(SignInFailure.id))) == 0
    assert "/reset" in mails_to(session, ADA)[-1].body
    for again in (token, other):
        with pytest.raises(LinkOver):
            passwords.reset_password(session, token=again, password=NEW, actor=ANONYMOUS, now=now)
    session.flush()
    events_of = select(AuditEvent.event).where(AuditEvent.subject_id == person.id)
    assert session.scalars(events_of).all() == ["person.password_reset"]


def test_a_reset_opens_no_account_that_was_closed_meanwhile(session, now):
    person = make_person(session, now=now, email=ADA)
    token = ask(session, RESET, ADA, now=now)
    person.disabled_at = now
    with pytest.raises(LinkOver):
        passwords.reset_password(session, token=token, password=NEW, actor=ANONYMOUS, now=now)


def test_a_new_password_needs_the_one_before_and_keeps_this_sign_in_alone(session, now):
    person = make_person(session, now=now, email=ADA, name="Ada Bianchi")
    here, _elsewhere = signed_in(session, person, now), signed_in(session, person, now)
    given = {"actor": here, "now": now}
    with pytest.raises(WrongPassword):
        passwords.change_password(session, current="sbagliata", new=NEW, **given)
    with pytest.raises(Invalid):
        passwords.change_password(session, current=PASSWORD, new="adabianchi1980", **given)
    kept = session.get_one(WebSession, here.session_id)
    before, token = kept.token_hash, passwords.change_password(session, current=PASSWORD, new=NEW, **given)
    assert (kept.token_hash, kept.former_token_hash) == (token_hash(token), None)
    assert kept.token_hash != before
    assert live_sessions(session, person) == 1
    assert kept.ended_at is None
    assert mails_to(session, ADA)


# ---- the address ----


def test_a_new_address_is_confirmed_where_it_is_and_both_are_told(session, now):
    person = make_person(session, now=now, email=ADA)
    actor = signed_in(session, person, now)
    reset = ask(session, RESET, ADA, now=now)
    with pytest.raises(WrongPassword):
        accounts.ask_to_change_email(session, email="eva@prova.example", current="no", actor=actor, now=now)
    with pytest.raises(Invalid):
        accounts.ask_to_change_email(session, email=ADA.upper(), current=PASSWORD, actor=actor, now=now)
    accounts.ask_to_change_email(session, email="Eva@prova.example", current=PASSWORD, actor=actor, now=now)
    answer_requests(session, now=now)
    assert "eva@prova.example" in mails_to(session, ADA)[-1].body
    token = link_to(session, "eva@prova.example").rsplit("/", 1)[1]
    accounts.change_email(session, token=token, actor=ANONYMOUS, now=now)
    assert person.email == "eva@prova.example"
    assert "eva@prova.example" in mails_to(session, ADA)[-1].body
    assert "eva@prova.example" in mails_to(session, "eva@prova.example")[-1].body
    for call in (
        lambda: accounts.change_email(session, token=token, actor=ANONYMOUS, now=now),
        lambda: passwords.reset_password(session, token=reset, password=NEW, actor=ANONYMOUS, now=now),
    ):
        with pytest.raises(LinkOver):
            call()


def test_an_address_of_somebody_else_is_never_told_to_whoever_asks(session, now):
    person, eva = make_person(session, now=now, email=ADA), make_person(session, now=now, email="eva@prova.example")
    asked = {"current": PASSWORD, "actor": signed_in(session, person, now), "now": now}
    accounts.ask_to_change_email(session, email=eva.email, **asked)
    answer_requests(session, now=now)
    assert eva.email in mails_to(session, ADA)[-1].body
    assert "/account/close" in mails_to(session, eva.email)[-1].body
    accounts.ask_to_change_email(session, email="ugo@prova.example", **asked)
    answer_requests(session, now=now)
    token = link_to(session, "ugo@prova.example").rsplit("/", 1)[1]
    make_person(session, now=now, email="ugo@prova.example")
    with pytest.raises(LinkOver):
        accounts.change_email(session, token=token, actor=ANONYMOUS, now=now)


# ---- closing ----


def test_an_account_closes_with_its_sign_ins_ties_and_links(session, now):
    person, heir = make_person(session, now=now, email=ADA), make_person(session, now=now)
    organisation = make_organisation(session, now=now, owner=person)
    actor = signed_in(session, person, now)
    with pytest.raises(StillNeeded):
        accounts.close_account(session, current=PASSWORD, actor=actor, now=now)
    assert organisations_only_theirs(session, person.id, now) == [organisation]
    join(session, heir, organisation, Tie.OWNER, now=now)
    conflict = {"object_type": "application", "object_id": organisation.id, "now": now}
    tie(session, person_id=person.id, tie=Tie.CONFLICTED, **conflict)
    with pytest.raises(WrongPassword):
        accounts.close_account(session, current="sbagliata", actor=actor, now=now)
    heard = []
    events.subscribe(AccountClosed, lambda _session, told: heard.append(told))
    accounts.close_account(session, current=PASSWORD, actor=actor, now=now)
    assert AccountClosed(person_id=person.id, at=now) in heard
    assert (person.closed_at, person.disabled_at, live_sessions(session, person)) == (now, now, 0)
    left = select(TieRow.tie).where(TieRow.person_id == person.id, TieRow.until.is_(None))
    assert session.scalars(left).all() == [Tie.CONFLICTED]
    assert check_password(person=person, password=PASSWORD) is None
    assert organisations_only_theirs(session, heir.id, now) == [organisation]
    assert mails_to(session, ADA)
    assert list(verify(session)) == []


def test_staff_hand_over_their_role_first(session, now):
    officer = make_staff(session, make_authority(session), Role.OFFICER, now=now)
    with pytest.raises(StillNeeded):
        accounts.close_account(session, current=PASSWORD, actor=signed_in(session, officer, now), now=now)
