"""A rehearsal is part of nothing that counts: every page, export and feed is the same before and after it."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select

from portal.access.models import Authority, Person
from portal.access.policy import Role
from portal.calls.models import Call
from portal.evaluation.models import Ranking
from portal.grants.models import Grant
from portal.reporting.queries import home_totals
from tests.factories.base import make_staff, sign_in
from tests.factories.calls import dated_design, publish_design
from tests.factories.rehearsal import draft_of, rehearse, shipped
from tests.factories.reporting import make_funded

ONCE = re.compile(rb'(nonce|value|content)="[A-Za-z0-9_.\-]{16,}"')
"""Keys and tokens, new on every page."""
ROLES = (Role.OFFICER, Role.AUDITOR, Role.ADMINISTRATOR, Role.FINANCE_MAKER, Role.CHAIR, Role.DATA_PROTECTION_OFFICER)
OF_THE_MOMENT = ("/metrics", "/healthz", "/readyz", "/account", "/sign-in", "/manage/trail", "/manage/privacy")
"""Pages that tell of the machine, of the reader's own sign-ins, or of what was done and by whom."""


def addresses(page: Any, slug: str, reference: str) -> list[str]:
    """Every address without parameters, and those of the live call."""
    rules = page.client.application.url_map.iter_rules()
    plain = [rule.rule for rule in rules if "GET" in (rule.methods or ()) and not rule.arguments]
    mine = [f"/calls/{slug}", f"/manage/calls/{slug}", f"/manage/calls/{slug}/applications",
            f"/manage/calls/{slug}/grants", f"/results?call={slug}", f"/funded/{reference}"]  # fmt: skip
    return [each for each in sorted({*plain, *mine}) if not each.startswith(OF_THE_MOMENT)]


def read(page: Any, paths: list[str]) -> Iterator[tuple[str, int, bytes]]:
    """Each address with its status and its bytes, but for what is new every time."""
    for path in paths:
        answer = page.client.get(path, headers={"Accept-Language": "it"})
        yield path, answer.status_code, ONCE.sub(b"", answer.get_data())


@pytest.fixture
def live(store: Any, now: datetime) -> dict[str, Any]:
    """A published call with a funded project, a draft of the same authority, its staff."""
    with store() as session:
        call = publish_design(session, dated_design(now), now=now)
        grant = make_funded(session, call, now=now, awarded_cents=4_000_000, paid_cents=1_600_050)
        authority = session.get_one(Authority, call.authority_id)
        draft = draft_of(session, shipped("venezia-welfare-comunita"), now=now, authority=authority)
        staff = [make_staff(session, authority, role, now=now).email for role in ROLES]
        return {"slug": call.slug, "reference": grant.reference, "draft": draft.id, "staff": staff}


def test_every_page_export_and_feed_is_the_same_before_and_after_a_rehearsal(
    visitors: Any, store: Any, live: dict[str, Any], now: datetime
) -> None:
    readers = [visitors() for _ in range(1 + len(live["staff"]))]
    for reader, email in zip(readers[1:], live["staff"], strict=True):
        sign_in(reader, email)
    paths = addresses(readers[0], live["slug"], live["reference"])
    before = [list(read(reader, paths)) for reader in readers]
    with store() as session:
        totals = home_totals(session)
        rehearse(session, session.get_one(Call, live["draft"]), now=now)
    after = [list(read(reader, paths)) for reader in readers]
    for one, other in zip(before, after, strict=True):
        for was, is_now in zip(one, other, strict=True):
            assert was == is_now, was[0]
    with store() as session:
        assert home_totals(session) == totals


def test_what_a_rehearsal_published_is_found_by_nobody_else(
    visitors: Any, store: Any, live: dict[str, Any], now: datetime
) -> None:
    with store() as session:
        rehearsal = rehearse(session, session.get_one(Call, live["draft"]), now=now)
        assert rehearsal.call is not None
        grant = session.scalars(select(Grant).where(Grant.call_id == rehearsal.call_id)).first()
        ranking = session.scalars(select(Ranking).where(Ranking.call_id == rehearsal.call_id)).first()
        assert grant is not None
        assert ranking is not None
        slug = rehearsal.call.slug
        paths = [f"/calls/{slug}", f"/calls/{slug}/questions", f"/rankings/{ranking.id}", f"/funded/{grant.reference}"]
        invented = session.scalars(select(Person.name).where(Person.email.endswith(".invalid"))).all()
    visitor, officer = visitors(), visitors()
    for path in paths:
        visitor.get(path, 404)
    sign_in(officer, live["staff"][0])
    for path in (f"/manage/calls/{slug}", f"/rankings/{ranking.id}", f"/grants/{grant.id}"):
        assert officer.get(path).shows("PROVA"), path
    assert not any(name in officer.get("/desk").text for name in invented)
