"""Calls that are shipped are lived through to their end: two in every run, all of them in `make soak`."""

import os
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.rules import AuthorityInfo
from portal.calls.rules.validity import publication_faults
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from portal.rehearsal.playable import left_out, playable
from portal.rehearsal.rules import RehearsalStatus
from tests.factories.base import CALLS
from tests.factories.rehearsal import draft_of, rehearse, shipped, told

SLUGS = sorted(path.stem for path in CALLS.glob("*.yaml"))
ALWAYS = ("bologna-cultura-tecnica", "napoli-iq")
"""A consortium, and two phases with groups and entities."""
PLAYED = SLUGS if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else ALWAYS
TWIN = AuthorityInfo(code="ente-prova", name="Ente – PROVA")


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
@pytest.mark.parametrize("slug", PLAYED)
def test_a_shipped_call_is_rehearsed_until_money_is_paid(session: Session, now: datetime, slug: str) -> None:
    rehearsal = rehearse(session, draft_of(session, shipped(slug), now=now), now=now)
    lines = "\n".join(told(rehearsal))
    assert rehearsal.status is RehearsalStatus.FINISHED, lines
    paid = session.scalars(select(Tranche.id).where(Tranche.status == TrancheStatus.PAID)).all()
    assert paid, lines
    assert "could not send" in lines
    assert "impossible: " not in lines.replace("impossible: Left out of the rehearsal", ""), lines


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_left_of_a_shipped_call_can_be_published_and_is_over_by_today(slug: str) -> None:
    today = date(2026, 3, 2)
    design = shipped(slug)
    kept = playable(design, twin=TWIN, number=3, today=today)
    assert publication_faults(kept) == []
    assert kept.slug == f"{slug}-prova-3"
    assert max(deadline.closes for deadline in kept.phases[0].deadlines).date() < today
    assert [phase.key for phase in kept.phases] == [design.phases[-1].key]
    assert all(fault.place for fault in left_out(design))
