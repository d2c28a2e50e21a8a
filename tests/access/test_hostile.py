"""Attacks on people, roles and sessions that no other file tries: each one is refused, or tells nothing."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.access.models import (
    AccountLink,
    Authority,
    ExternalIdentity,
    Organisation,
    Person,
    RecoveryCode,
    RoleGrant,
    WebSession,
)
from portal.access.operations import accounts, invitations, second_factor
from portal.access.operations.signing_in import sign_in as open_session
from portal.access.policy import Role, Tie
from portal.access.queries import actor_of, token_hash
from portal.access.queries.administration import people_by_name
from portal.access.queries.identity import holder_of
from portal.access.queries.roles import roles_held
from portal.access.rules.accounts import LinkPurpose
from portal.access.rules.identity import Claim, IdentityTaken, ProviderFault
from portal.access.rules.likeness import Traits, resemblance
from portal.core.actor import ANONYMOUS, SYSTEM
from portal.core.audit import AuditAnchor, record, verify_anchors
from portal.core.errors import Conflict, Invalid
from portal.core.mail import OutgoingMail
from portal.payments import operations as payments
from portal.payments.models import Tranche
from portal.payments.operations.refusals import PaysOneself
from portal.reporting.trail.kept import stored
from portal.reporting.trail.operations import anchor_trail
from tests.engines import both_engines
from tests.factories.accounts import answer_requests
from tests.factories.base import as_actor, join, make_authority, make_organisation, make_person, make_staff, sign_in
from tests.factories.members import acting, invite
from tests.factories.payments import make_finance
from tests.factories.racing import at_once
from tests.factories.second_factor import RECOVERY, app_code, give_app

FIRST, SECOND = "RSSMRA80A01H501U", "VRDGPP85B02F205X"


# ---- second factors, at once ----


def half_sessions(store, now, number: int = 2) -> list[Any]:
    """Several sessions of one officer with an app, none of which has given a second factor."""
    with store() as session:
        person = make_person(session, now=now, roles=(Role.OFFICER,), authority=make_authority(session))
        give_app(session, person, now=now)
        tokens = [open_session(session, person=person, user_agent="", now=now)[0] for _ in range(number)]
        session.flush()
        rows = [session.scalars(select(WebSession).where(WebSession.token_hash == token_hash(t))).one() for t in tokens]
        return [actor_of(session, person, now, session_id=row.id) for row in rows]


@both_engines
def test_one_recovery_code_given_twice_at_once_opens_one_session(app, store, now):
    acts = [
        partial(tried, second_factor.give_recovery_code, actor=actor, code=RECOVERY, now=now)
        for actor in half_sessions(store, now)
    ]
    assert at_once(app, *acts) == ["Refused", "done"]
    with store() as session:
        assert session.scalar(select(func.count(WebSession.id)).where(WebSession.strong_at.is_not(None))) == 1
        assert session.scalars(select(RecoveryCode)).one().used_at == now


@both_engines
def test_one_code_of_an_app_given_twice_at_once_opens_one_session(app, store, now):
    acts = [
        partial(tried, second_factor.give_code, actor=actor, code=app_code(now), now=now)
        for actor in half_sessions(store, now)
    ]
    assert at_once(app, *acts) == ["Refused", "done"]
    with store() as session:
        assert session.scalar(select(func.count(WebSession.id)).where(WebSession.strong_at.is_not(None))) == 1


class Refused(Conflict):
    """What `at_once` reports of a wrong code, and of whoever would pay their own."""


def tried(operation, session, **given):
    try:
        operation(session, **given)
    except (Invalid, PaysOneself, IntegrityError) as refusal:
        raise Refused from refusal


# ---- paying and joining at the same moment ----


@both_engines
def test_paying_and_joining_who_is_paid_at_once_never_deadlock_and_never_both_happen(app, store, now):
    with store() as session:
        finance = make_finance(session, now=now)
        world = finance.world
        tranche = finance.propose_all_the_way(finance.first)
        token = invite(session, world.association, world.owner, "chi@prova.example", now, Tie.VIEWER)
        acts = [
            partial(
                tried,
                payments.approve_tranche,
                tranche_id=tranche.id,
                version_seen=tranche.version,
                **finance.by(finance.checker),
            ),
            partial(invitations.accept_invitation, token=token, **acting(session, finance.checker, now)),
        ]
        checker, organisation, asked = finance.checker.id, world.association.id, tranche.id
    found = at_once(app, *acts)
    assert found in (["KeptApart", "done"], ["Refused", "done"])
    with store() as session:
        joined = bool(as_actor(session, session.get_one(Person, checker), now=now).ties_to(organisation))
        assert joined != (session.get_one(Tranche, asked).approved_by == checker)


def test_whoever_became_a_member_after_the_request_began_is_stopped_under_the_lock(session, now):
    finance = make_finance(session, now=now)
    tranche = finance.propose_all_the_way(finance.first)
    as_it_began = finance.actor(finance.checker)
    join(finance.session, finance.checker, finance.world.association, Tie.VIEWER, now=finance.now)
    with pytest.raises(PaysOneself):
        payments.approve_tranche(
            session, tranche_id=tranche.id, version_seen=tranche.version, actor=as_it_began, now=finance.now
        )


# ---- anchors and addresses, at once ----


@both_engines
def test_two_anchors_taken_at_once_are_one(app, store, now):
    with store() as session:
        make_authority(session)
        record(session, at=now, actor=SYSTEM, event="probe", subject=session.scalars(select(Authority)).one())
    assert at_once(app, *[partial(tried, anchor_trail, now=now)] * 2) in (["done", "done"], ["Refused", "done"])
    with store() as session:
        anchor = session.scalars(select(AuditAnchor)).one()
        assert list(verify_anchors(session, stored)) == []
        assert anchor.number == 1


@both_engines
def test_one_new_address_confirmed_by_two_accounts_at_once_goes_to_one(app, store, now):
    tokens = ["a" * 43, "b" * 43]
    with store() as session:
        for token in tokens:
            person = make_person(session, now=now)
            session.add(
                AccountLink(
                    purpose=LinkPurpose.CHANGE_EMAIL, token_hash=token_hash(token), email="nuovo@prova.example",
                    person_id=person.id, made_at=now, expires_at=now + timedelta(hours=1),
                )
            )  # fmt: skip
    acts = [partial(accounts.change_email, token=token, actor=ANONYMOUS, now=now) for token in tokens]
    assert at_once(app, *acts) in (["AddressTaken", "done"], ["LinkOver", "done"])
    with store() as session:
        assert len(session.scalars(select(Person).where(Person.email == "nuovo@prova.example")).all()) == 1


# ---- likeness ----


def test_names_that_were_struck_out_make_nobody_more_alike():
    def alike(*names: str) -> Any:
        first, second = (
            Traits(id=UUID(int=n), name="Orti", email="a@b.example", city="Bari", representative=name)
            for n, name in enumerate(names)
        )
        return resemblance(first, second)

    assert alike("", "") == alike("Ada Neri", "Bea Verdi")
    assert alike("", "") != alike("Ada Neri", "Neri Ada")


# ---- identities ----


def test_an_identity_and_a_number_of_two_people_open_neither_account(session, now):
    first, second = (make_person(session, now=now) for _ in range(2))
    linked = {"issuer": "https://idp.example", "linked_at": now, "used_at": now}
    session.add(ExternalIdentity(person_id=first.id, subject="a", fiscal_number=FIRST, **linked))
    session.add(ExternalIdentity(person_id=second.id, subject="b", fiscal_number=SECOND, **linked))
    session.flush()

    def claim(subject: str, number: str) -> Claim:
        return Claim("https://idp.example", subject, number, "Ada", "", is_strong=True)

    found = holder_of(session, claim("a", FIRST))
    assert found is not None
    assert found[0] == first.id
    with pytest.raises(IdentityTaken):
        holder_of(session, claim("a", SECOND))
    with pytest.raises(ProviderFault):
        holder_of(session, claim("a", "BNCLRA90C41L219Y"))


# ---- searching ----


@both_engines
def test_searches_take_wildcards_and_unstorable_signs_as_signs(page, store, now):
    with store() as session:
        authority = make_authority(session)
        administrator = make_staff(session, authority, Role.ADMINISTRATOR, now=now, name="Anna Adige").email
        for name in ("Percento 100% Srl", "Sotto_lineato"):
            make_staff(session, authority, Role.OFFICER, now=now, name=name)
    sign_in(page, administrator)
    for sign, name in (("%25", "Percento 100% Srl"), ("_", "Sotto_lineato")):
        page.get(f"/admin/people?q={sign}")
        assert len(page.tree.xpath("//main//tbody/tr")) == 1, sign
        assert page.shows(name)
    for odd in ("%00", "%5C", "%27%20OR%201=1--", "%ED%A0%80", "%F0%9F%92%A9" * 50, "a" * 3000):
        for where in ("/admin/people?q=", "/admin/people?after=", "/admin/roles?after=", "/manage/trail?about="):
            page.get(f"{where}{odd}")


def test_a_cursor_that_names_somebody_of_another_authority_tells_nothing_of_them(session, now):
    here, there = make_authority(session), make_authority(session, code="torino", name="Città di Torino")
    reader = make_staff(session, here, Role.ADMINISTRATOR, now=now, name="Anna")
    make_staff(session, here, Role.OFFICER, now=now, name="Zeno")
    foreign = make_staff(session, there, Role.OFFICER, now=now, name="Marco")
    actor = as_actor(session, reader, now=now)
    nobody = people_by_name(session, actor, now, after=UUID(int=7))
    assert people_by_name(session, actor, now, after=foreign.id) == nobody
    grant = session.scalars(select(RoleGrant).where(RoleGrant.person_id == foreign.id)).one()
    assert roles_held(session, actor, now, after=grant.id) == roles_held(session, actor, now, after=UUID(int=7))


# ---- mail, redirects, caches, forms ----


def test_a_link_of_a_mail_never_follows_the_host_of_the_request(page, store, now):
    with store() as session:
        email = make_person(session, now=now).email
    for header in ("Host", "X-Forwarded-Host", "X-Original-Host", "Forwarded"):
        token = page.get("/reset").csrf_token
        headers = {"Sec-Fetch-Site": "same-origin", header: "evil.example"}
        page.client.post("/reset", data={"email": email, "csrf_token": token}, headers=headers)
    with store() as session:
        answer_requests(session, now=now)
        bodies = list(session.scalars(select(OutgoingMail.body)))
    assert bodies
    assert not [body for body in bodies if "evil.example" in body]


def test_what_somebody_signed_in_saw_is_not_kept_and_not_shown_after_signing_out(page, store, now):
    with store() as session:
        person = make_person(session, now=now, name="Ada Segreta")
        make_organisation(session, now=now, owner=person, name="Il Ponte")
        email = person.email
        path = f"/organisations/{session.scalars(select(Organisation.id)).one()}"
    sign_in(page, email)
    for asked in ("/desk", "/account", "/account/second-factor", path, "/calls", "/"):
        page.get(asked)
        kept = page.response.headers["Cache-Control"]
        assert kept == "no-store", (asked, kept)
        assert "ETag" not in page.response.headers, asked
    page.get("/desk").submit("/sign-out")
    assert page.response.request.path == "/"
    assert page.get(path).url.startswith("/sign-in")
    assert "Ada Segreta" not in page.html


@pytest.mark.parametrize(
    "extra",
    [
        {"email": "ladro@prova.example"}, {"password_hash": "!"}, {"role": "administrator"}, {"roles": "administrator"},
        {"disabled_at": ""}, {"id": "0" * 32}, {"person_id": "0" * 32}, {"created_at": "2000-01-01"},
    ],
)  # fmt: skip
def test_the_profile_takes_name_and_language_alone(page, store, now, extra):
    with store() as session:
        email = make_person(session, now=now, name="Ada").email
    sign_in(page, email).get("/account")
    page.post("/account", name="Ada Neri", locale="it", **extra)
    with store() as session:
        person = session.scalars(select(Person)).one()
        assert (person.name, person.email, person.disabled_at) == ("Ada Neri", email, None)
        assert as_actor(session, person, now=now).roles == frozenset()
