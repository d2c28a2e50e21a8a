"""A world with an accompanied team, for the tests of this room."""

import pytest

from tests.factories.coaching import Accompanied, make_accompanied


@pytest.fixture
def accompanied(session, now) -> Accompanied:
    return make_accompanied(session, now)
