"""The protocol register: seven digits, from one, without gaps, by the year of Rome."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from portal.core.actor import SYSTEM
from portal.core.audit import verify
from portal.core.unit_of_work import unit_of_work
from portal.register.checks import broken
from portal.register.models import Counter, ProtocolEntry
from portal.register.operations import next_reference, register_document
from portal.register.rules import Direction
from tests.engines import both_engines
from tests.factories.base import make_authority


def register(session, authority_id, now, subject="Domanda"):
    return register_document(
        session, authority_id=authority_id, direction=Direction.INCOMING, subject=subject, counterpart="Ada",
        sha256="0" * 64, actor=SYSTEM, now=now,
    )  # fmt: skip


def test_numbers_begin_at_one_in_every_authority_and_year(session, now):
    bari, venezia = (make_authority(session, code=code) for code in ("bari", "venezia"))
    labels = [register(session, each.id, now).label for each in (bari, bari, venezia)]
    assert labels == ["0000001/2026", "0000002/2026", "0000001/2026"]
    assert list(broken(session)) == []
    assert list(verify(session)) == []


def test_the_year_turns_at_midnight_in_rome(session):
    authority = make_authority(session)
    before = register(session, authority.id, datetime(2026, 12, 31, 22, 59, 59, tzinfo=UTC))
    after = register(session, authority.id, datetime(2026, 12, 31, 23, 0, 0, tzinfo=UTC))
    assert (before.label, after.label) == ("0000001/2026", "0000001/2027")


def test_references_are_of_the_instance(session, now):
    assert [next_reference(session, now=now) for _ in range(2)] == ["VIV-2026-000001", "VIV-2026-000002"]


def test_a_subject_is_one_line_that_fits(session, now):
    entry = register(session, make_authority(session).id, now, subject="a\r\nb\u202e" + "c" * 600)
    assert entry.subject.startswith("a bc")
    assert len(entry.subject) == 500


@both_engines
def test_numbers_given_at_once_have_no_gap_even_in_the_first_minute(app, store, clock):
    with store() as session:
        authority_id = make_authority(session).id

    def one(number: int) -> None:
        with app.app_context(), unit_of_work() as session:
            register(session, authority_id, clock())
            if number % 3 == 0:
                session.rollback()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(one, range(12)))
    with store() as session:
        numbers = sorted(session.scalars(select(ProtocolEntry.number)))
        assert numbers == list(range(1, 9))
        assert list(broken(session)) == []


def test_the_checker_sees_a_gap_and_a_counter_that_ran_ahead(session, now):
    authority = make_authority(session)
    register(session, authority.id, now)
    session.execute(text("UPDATE counter SET last = 2"))
    session.expire_all()
    assert "the counter says 2, the last entry 1" in next(broken(session))
    register(session, authority.id, now)
    assert any("numbers from 1 to 3" in line for line in broken(session))


@pytest.mark.parametrize("sql", ["UPDATE protocol_entry SET subject = 'x'", "DELETE FROM protocol_entry"])
def test_an_entry_never_changes(session, now, sql):
    register(session, make_authority(session).id, now)
    with pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(sql))


def test_a_counter_is_one_row_a_series(session, now):
    next_reference(session, now=now)
    assert session.scalars(select(Counter.series)).all() == ["reference"]


@pytest.mark.parametrize(("code", "mark"), [("AOO-bari", "AOO-bari / 0000123 / 01/01/2027"), (None, None), ("", None)])
def test_the_mark_tells_register_number_and_the_day_in_rome(code, mark):
    instant = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    entry = ProtocolEntry(number=123, year=2027, registered_at=instant)
    assert entry.mark_of(code) == mark
