"""A coach stays apart from the team: nobody confirms their own hours."""

import pytest

from portal.access.operations import invitations
from portal.access.operations.members import KeptApart
from tests.factories.grants import make_world
from tests.factories.members import acting, make_invitation


def test_a_coach_joins_the_team_only_once_somebody_else_coaches_it(session, now):
    world = make_world(session, now=now)
    engagement = world.engage()
    token = make_invitation(session, world.association, world.owner, now=now)
    with pytest.raises(KeptApart):
        invitations.accept_invitation(session, token=token, **acting(session, world.coach, now))
    engagement.until, engagement.end_reason = now, "Passa a un altro coach."
    session.flush()
    invitations.accept_invitation(session, token=token, **acting(session, world.coach, now))
