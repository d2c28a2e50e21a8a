"""Thousands of rows at once are the same rows as one by one, on both engines."""

from operator import itemgetter
from typing import cast

import pytest
from sqlalchemy import Table, select
from sqlalchemy.exc import IntegrityError

from portal.access.models import Authority
from portal.core.db import insert_rows, new_id
from portal.ledger.models import Account
from portal.ledger.rules import AccountKind
from tests.factories.base import make_authority

ACCOUNTS = cast("Table", Account.__table__)


def account(authority: Authority, now, **given):
    """The columns of an account, with a name that a text format must escape."""
    return {
        "id": new_id(), "authority_id": authority.id, "kind": AccountKind.AWARD, "owner_id": new_id(),
        "name": "tab\there, \\N, a new\nline, è", "opened_at": now, "balance_cents": 0, **given,
    }  # fmt: skip


def test_rows_come_back_as_they_were_given(session, now):
    authority = make_authority(session)
    given = [account(authority, now, balance_cents=cents) for cents in (0, 5, 2**40)]
    insert_rows(session, ACCOUNTS, given)
    found = session.scalars(select(Account).where(Account.authority_id == authority.id).order_by(Account.id)).all()
    assert [{name: getattr(each, name) for name in given[0]} for each in found] == sorted(given, key=itemgetter("id"))


def test_nothing_is_asked_of_no_rows(session, statements):
    with statements() as sent:
        insert_rows(session, ACCOUNTS, [])
    assert not sent


def test_constraints_hold_for_each_row(session, now):
    authority = make_authority(session)
    with pytest.raises(Exception) as refused:
        insert_rows(session, ACCOUNTS, [account(authority, now), account(authority, now, balance_cents=-1)])
    assert "balance_not_negative" in str(refused.value)
    assert isinstance(refused.value, IntegrityError)
