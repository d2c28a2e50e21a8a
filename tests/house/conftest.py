"""The permission matrix, built once a worker; every test finds it as it was built."""

from collections.abc import Callable
from datetime import datetime
from functools import cache, partial

import pytest

from tests.engines import Portals
from tests.house.matrix import Matrix, make_matrix


@pytest.fixture(scope="session")
def both_houses(portals: Portals) -> Callable[[datetime], Matrix]:
    """The matrix as of an instant, built by the first test that asks."""
    return cache(partial(make_matrix, portals))


@pytest.fixture
def matrix(both_houses: Callable[[datetime], Matrix], clock: object, now: datetime) -> Matrix:
    """The portal with its two authorities."""
    made = both_houses(now)
    made.begin_again()
    made.refuse(at_length=False)
    return made
