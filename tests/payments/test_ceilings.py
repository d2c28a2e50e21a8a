"""Pages ask the database the same few things, however many rows there are."""

import pytest

from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from tests.factories.base import sign_in
from tests.factories.payments import make_finance

LIST, DETAIL = 8, 12


def split(finance, count: int) -> list[Tranche]:
    """The grant planned in many requested tranches."""
    for planned in finance.tranches:
        finance.session.delete(planned)
    finance.session.flush()
    gates = ["agreement_signed", "incorporated", "cup", "published", "iban_verified", "milestones_accepted", "durc",
             "coaching_confirmed"]  # fmt: skip
    made = [
        Tranche(
            authority_id=finance.grant.authority_id, grant_id=finance.grant.id, number=number, key=f"t{number}",
            name={"it": "Tranche"}, amount_cents=finance.grant.awarded_cents // count, gates=gates,
            status=TrancheStatus.REQUESTED, status_at=finance.now, due_on=finance.now.date(),
            requested_by=finance.world.owner.id, requested_at=finance.now,
        )
        for number in range(1, count + 1)
    ]  # fmt: skip
    finance.session.add_all(made)
    finance.session.flush()
    return made


@pytest.fixture
def world(store, now):
    def made(count: int):
        with store() as session:
            finance = make_finance(session, now=now)
            return split(finance, count)[0].id, finance.maker.email

    return made


@pytest.mark.parametrize("count", [1, 80])
def test_pages_stay_within_their_statements(page, world, statements, count):
    tranche, maker = world(count)
    sign_in(page, maker)
    asked = {}
    lists = ("/finance?status=all", "/finance/ledger", "/finance/orders", "/finance/trial-balance?kind=award",
             "/finance/periods")  # fmt: skip
    paths = dict.fromkeys(lists, LIST) | dict.fromkeys(("/finance", f"/tranches/{tranche}"), DETAIL)
    for path, ceiling in paths.items():
        with statements() as sent:
            page.get(path)
        asked[path] = (len(sent), ceiling)
    assert {path: told for path, told in asked.items() if told[0] > told[1]} == {}


def test_a_long_list_goes_on_page_by_page_and_shows_each_row_once(page, world):
    _tranche, maker = world(150)
    sign_in(page, maker).get("/finance?status=requested")
    seen, pages = [], 0
    while True:
        pages += 1
        seen += page.tree.xpath("//table//td/a/@href")
        following = page.tree.xpath("//a[@rel='next']/@href")
        if not following:
            break
        page.get(following[0])
    assert (len(seen), len(set(seen)), pages) == (150, 150, 3)


@pytest.mark.parametrize("place", ["after=x&due=y", "after=", "due=2026-02-31&after=1", "status=planned", "status=%00"])
def test_a_place_that_does_not_exist_is_the_beginning(page, world, place):
    _tranche, maker = world(1)
    assert sign_in(page, maker).get(f"/finance?{place}").tree.xpath("//table")
