"""Calls that are shipped are lived through to their end: one of two phases in every run, all of them in `make soak`.

The shortest of one phase is lived through in every run too, on both engines (`test_operations.py`).
"""

import os
from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.calls.rules import AuthorityInfo
from portal.calls.rules.validity import publication_faults
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from portal.rehearsal.plan import plan_of
from portal.rehearsal.playable import playable
from portal.rehearsal.rules import RehearsalStatus
from portal.reporting.invariants import broken_invariants
from tests.factories.base import CALLS
from tests.factories.rehearsal import draft_of, rehearse, shipped, told

SLUGS = sorted(path.stem for path in CALLS.glob("*.yaml"))
ALWAYS = ("napoli-iq",)
"""Two phases, two rankings each, bodies and groups, an accompaniment, groups that become bodies between the phases."""
PLAYED = SLUGS if os.environ.get("HYPOTHESIS_PROFILE") == "soak" else ALWAYS
TWIN = AuthorityInfo(code="ente-prova", name="Ente – PROVA")


BETWEEN = {
    "napoli-iq": ("attended 8 h, 42 h are needed: not invited", "became Gruppo Lanterna APS: it keeps its place",
                  "is still an informal group", "on 6 November 2023 everyone must be at least 18 years old",
                  "your own share is € 0.00", "of 40 places are taken", "what follows begins 55 days after the term"),
    "milano-scuola-quartieri-3": ("not invited", "the group became", "of 30 places are taken"),
    "torino-innovazione-sociale-2017": ("not invited", "with its lead and one partner at least", "of 25 places"),
}  # fmt: skip
"""What an officer reads of the calls of two phases, beside what all reports say."""


@pytest.mark.soak
@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
@pytest.mark.parametrize("slug", PLAYED)
def test_a_shipped_call_is_rehearsed_until_money_is_paid(session: Session, now: datetime, slug: str) -> None:
    rehearsal = rehearse(session, draft_of(session, shipped(slug), now=now), now=now)
    lines = "\n".join(told(rehearsal))
    assert rehearsal.status is RehearsalStatus.FINISHED, lines
    assert [(each.step, each.phase_key) for each in rehearsal.steps] == [
        (stop.step, stop.phase) for stop in plan_of(shipped(slug))
    ]
    paid = session.scalars(select(Tranche.id).where(Tranche.status == TrancheStatus.PAID)).all()
    assert paid, lines
    assert "could not send" in lines
    assert "impossible: " not in lines.replace("impossible: Left out of the rehearsal", ""), lines
    for words in BETWEEN.get(slug, ()):
        assert words.casefold() in lines.casefold(), (words, lines)
    assert list(broken_invariants(session)) == []


@pytest.mark.parametrize("slug", SLUGS)
def test_what_is_left_of_a_shipped_call_can_be_published_and_is_over_by_today(slug: str) -> None:
    today = date(2026, 3, 2)
    design = shipped(slug)
    kept = playable(design, twin=TWIN, number=3, today=today)
    assert publication_faults(kept) == []
    assert kept.slug == f"{slug}-prova-3"
    assert max(deadline.closes for phase in kept.phases for deadline in phase.deadlines).date() < today
    assert [phase.key for phase in kept.phases] == [phase.key for phase in design.phases]
    assert [bool(phase.accompaniment) for phase in kept.phases] == [
        bool(phase.accompaniment) for phase in design.phases
    ]
    assert {kept.phases[0].opens - phase.opens for phase in kept.phases} == {
        design.phases[0].opens - phase.opens for phase in design.phases
    }
