"""Applicants and their commission stay apart (P18): nobody who judges a call joins who applies to it."""

import pytest

from portal.access.operations import consortia, invitations, joining
from portal.access.operations.members import KeptApart
from portal.access.policy import Tie
from portal.applications.rules import ApplicationStatus
from portal.calls.rules import CallStatus
from tests.factories.base import as_actor, make_organisation, make_person
from tests.factories.evaluation import appoint, make_evaluation
from tests.factories.members import acting, ask, make_consortium, make_invitation, make_request


@pytest.fixture
def world(session, now):
    made = make_evaluation(session, now=now)
    appoint(session, made, now=now)
    return made


def invited(session, world, now):
    return make_invitation(session, world.applications[0].organisation, world.owners[0], now=now)


@pytest.mark.parametrize("seat", ["chair", "member"])
def test_the_commission_of_a_call_joins_no_applicant_and_reads_why(session, now, world, seat):
    person = world.chair if seat == "chair" else world.members[0]
    with pytest.raises(KeptApart, match="P18"):
        invitations.accept_invitation(session, token=invited(session, world, now), **acting(session, person, now))
    assert not as_actor(session, person, now=now).ties_to(world.applications[0].organisation_id)


def test_the_applicant_who_would_let_them_in_does_not_read_why(session, now, world):
    organisation = world.applications[0].organisation
    request = make_request(session, organisation, world.members[0], now=now)
    with pytest.raises(KeptApart) as refused:
        joining.accept_request(
            session, organisation_id=organisation.id, request_id=request.id, tie_given=Tie.VIEWER,
            **acting(session, world.owners[0], now),
        )  # fmt: skip
    assert "commission" not in str(refused.value)
    assert "P18" not in str(refused.value)


def test_they_join_once_the_call_is_over_or_the_application_withdrawn_and_others_any_time(session, now, world):
    stranger = make_person(session, now=now)
    invitations.accept_invitation(session, token=invited(session, world, now), **acting(session, stranger, now))
    world.applications[0].status = ApplicationStatus.WITHDRAWN
    session.flush()
    first, second = world.members
    invitations.accept_invitation(session, token=invited(session, world, now), **acting(session, first, now))
    world.applications[0].status = ApplicationStatus.SCORED
    session.flush()
    token = invited(session, world, now)
    with pytest.raises(KeptApart):
        invitations.accept_invitation(session, token=token, **acting(session, second, now))
    world.call.status = CallStatus.CONCLUDED
    session.flush()
    invitations.accept_invitation(session, token=token, **acting(session, second, now))


def test_nor_do_they_come_in_through_a_partner(session, now, world):
    owners = [make_person(session, now=now) for _ in range(3)]
    lead, partner, late = (make_organisation(session, now=now, owner=owner) for owner in owners)
    consortium = make_consortium(session, lead, owners[0], (partner, owners[1]), now=now)
    world.applications[0].organisation_id = consortium.id
    session.flush()
    token = make_invitation(session, partner, owners[1], now=now)
    with pytest.raises(KeptApart):
        invitations.accept_invitation(session, token=token, **acting(session, world.members[0], now))
    token = make_invitation(session, late, owners[2], now=now)
    invitations.accept_invitation(session, token=token, **acting(session, world.members[0], now))
    ask(session, consortium, late, owners[0], now)
    with pytest.raises(KeptApart):
        consortia.agree_to_consortium(
            session, consortium_id=consortium.id, organisation_id=late.id, **acting(session, owners[2], now)
        )
