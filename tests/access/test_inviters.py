"""Invitations live as long as whoever sent them may let people in."""

import pytest

from portal.access.operations import accounts, invitations, members
from portal.access.operations.invitations import InviterIsGone
from portal.access.policy import Tie
from portal.access.queries.members import invitation_page
from tests.factories.base import PASSWORD, as_actor, make_organisation, make_person
from tests.factories.members import acting, invite, make_invitation, make_member

NEW = "ada@prova.example"


@pytest.fixture
def owner(session, now):
    return make_person(session, now=now, name="Marta Bianchi")


@pytest.fixture
def mine(session, now, owner):
    return make_organisation(session, now=now, owner=owner, name="Il Ponte APS")


def accept(session, token, person, now):
    return invitations.accept_invitation(session, token=token, **acting(session, person, now))


def leave(session, mine, owner, now):
    members.leave_organisation(session, organisation_id=mine.id, **acting(session, owner, now))


def close(session, _mine, owner, now):
    accounts.close_account(session, current=PASSWORD, **acting(session, owner, now))


def be_disabled(session, _mine, owner, now):
    owner.disabled_at = now
    session.flush()


@pytest.mark.parametrize("goes", [leave, close, be_disabled])
def test_an_invitation_dies_with_the_power_of_whoever_sent_it(session, now, owner, mine, goes):
    second, person = make_member(session, mine, Tie.OWNER, now=now), make_person(session, now=now)
    token = invite(session, mine, owner, NEW, now, Tie.OWNER)
    assert invitation_page(session, token, as_actor(session, person, now=now), now).is_open
    goes(session, mine, owner, now)
    shown = invitation_page(session, token, as_actor(session, person, now=now), now)
    assert (shown.is_open, shown.is_void) == (False, True)
    with pytest.raises(InviterIsGone):
        accept(session, token, person, now)
    accept(session, invite(session, mine, second, NEW, now, Tie.EDITOR), person, now)


def test_the_invited_read_plainly_that_the_sender_is_gone(page, store, now):
    with store() as session:
        gone = make_person(session, now=now)
        token = make_invitation(session, make_organisation(session, now=now), gone, now=now)
    page.get(f"/invitations/{token}", 410)
    assert page.shows("chi l'ha mandato non rappresenta più l'organizzazione")
    assert not page.shows("quattordici")
