"""Keys: UUIDv7 that sort as they were made."""

import time
from uuid import RFC_4122

from portal.core.db import new_id


def test_keys_sort_as_they_were_made():
    made = [new_id() for _ in range(1000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_keys_are_of_version_seven_and_tell_their_millisecond():
    before = time.time_ns() // 1_000_000
    key = new_id()
    assert key.version == 7
    assert key.variant == RFC_4122
    assert before <= key.int >> 80 <= time.time_ns() // 1_000_000
