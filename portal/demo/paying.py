"""Tranches in every state, each brought there by the people who would."""

from collections import defaultdict
from collections.abc import Callable
from uuid import UUID

from sqlalchemy import select

from portal.demo.granting import Team, coach, report, sign
from portal.demo.hearing import hear, hear_a_refusal
from portal.demo.people import SIGN_IN_OF
from portal.demo.recovering import ask_back, find_irregularities
from portal.demo.securing import release_together, secure, watch
from portal.demo.stage import Stage
from portal.grants.rules import GrantStatus
from portal.payments.models import PaymentLine, Tranche
from portal.payments.operations import (
    approve_tranche,
    order_payments,
    propose_tranche,
    record_paid,
    request_tranche,
    verify_tranche,
)
from portal.payments.queries import tranches_of

STORIES: tuple[tuple[int, str | None, dict[int, str]], ...] = (
    (2, "returned", {1: "paid"}),
    (2, "reported", {1: "paid", 2: "requested"}),
    (2, None, {1: "paid", 2: "verified"}),
    (2, None, {1: "paid", 2: "proposed"}),
    (2, "reported", {1: "paid", 2: "approved"}),
    (2, None, {1: "paid", 2: "ordered"}),
    (1, None, {1: "failed"}),
    (2, "returned", {1: "paid", 2: "paid"}),
    (3, None, {1: "paid", 2: "paid", 3: "requested"}),
    (0, None, {1: "approved"}),
    (1, "reported", {1: "paid"}),
    (0, "reported", {1: "requested"}),
    (1, None, {1: "paid"}),
    (0, None, {}),
)
"""Milestones accepted, what became of the next one, and how far each tranche went; in the order of the ranking."""
TOGETHER = -12
"""The day on which what was proposed and is approved was released in one batch."""
HEARD = 2
"""Of these the treasurer sent a list; of the others finance wrote by hand what the bank said."""


def play(stage: Stage, teams: list[Team]) -> None:
    """Sign, accompany and pay each ready team by its story; the last teams are still waiting for their agreement."""
    ready = [team for team in teams if team.grant.status is GrantStatus.READY]
    ready.sort(key=lambda team: team.key not in SIGN_IN_OF)
    batches: dict[tuple[int, str], list[Tranche]] = defaultdict(list)
    for number, (team, (accepted, last, states)) in enumerate(zip(ready, _stories(len(ready) - 3), strict=False)):
        sign(stage, team, number=number)
        coach(stage, team, number=number, meetings=7 if 3 in states else 3)
        report(stage, team, accepted=accepted, last=last)
        for tranche in tranches_of(stage.session, team.grant.id):
            if state := states.get(tranche.number):
                _release(stage, team, tranche, state)
                batches[tranche.number, state].append(tranche)
    for (number, state), tranches in sorted(batches.items(), key=lambda each: _began(*each[0])):
        _settle(stage, tranches, state, _began(number, state))
    release_together(stage, [*batches[1, "approved"], *batches[2, "approved"], *batches[2, "proposed"]], day=TOGETHER)
    _look_after(stage, {team.grant.id: team for team in ready}, ready[0], batches)


def _look_after(
    stage: Stage, teams: dict[UUID, Team], first: Team, batches: dict[tuple[int, str], list[Tranche]]
) -> None:
    """What finance has on its desk today: a guarantee to read, debts of a payee, money asked back, irregularities."""
    held, whole, mended = batches[2, "verified"][0], batches[2, "paid"][0], batches[2, "ordered"][0]
    watch(stage, stage.authorities["bari"], waits=first, owes=teams[held.grant_id])
    rest = sum(each.amount_cents for each in tranches_of(stage.session, whole.grant_id) if not each.is_released)
    ask_back(stage, teams[whole.grant_id], open_cents=rest)
    find_irregularities(stage, waits=first, mended=teams[mended.grant_id])


def _stories(count: int) -> list[tuple[int, str | None, dict[int, str]]]:
    return [STORIES[place % len(STORIES)] for place in range(count)]


def _began(number: int, state: str) -> int:
    """The day of the request, from today: what is paid was asked for longer ago."""
    return {1: -240, 2: -33, 3: -12}[number] if state == "paid" else {1: -21, 2: -16, 3: -9}[number]


def _release(stage: Stage, team: Team, tranche: Tranche, state: str) -> None:
    """Every move up to a state, or up to the approval; each a day after the one before. A batch approves the rest."""
    began = _began(tranche.number, state)
    secure(stage, team, tranche, began - 1)
    for place, (step, move) in enumerate(RELEASE.items()):
        if step != "approved" or state != step:
            move(stage, team, tranche, began + place)
        if step == state:
            return


def _settle(stage: Stage, tranches: list[Tranche], state: str, began: int) -> None:
    """One file for all the tranches of a day, and what the bank said of each."""
    if state not in ("ordered", "paid", "failed"):
        return
    maker, day = stage.actor("finance-maker"), began + len(RELEASE)
    order = order_payments(
        stage.session, tranche_ids=[tranche.id for tranche in tranches], execution_on=stage.day(day + 1), actor=maker,
        now=stage.at(day, 16),
    )  # fmt: skip
    if state == "failed":
        hear_a_refusal(stage, order, now=stage.at(day + 1, 17))
    elif state == "paid" and tranches[0].number == HEARD:
        hear(stage, order.lines, authority_id=order.authority_id, on=stage.day(day + 1), now=stage.at(day + 1, 17))
    elif state == "paid":
        for tranche in tranches:
            record_paid(stage.session, line_id=_line(stage, tranche), paid_on=stage.day(day + 1), actor=maker,
                        now=stage.at(day + 1, 17))  # fmt: skip


def _request(stage: Stage, team: Team, tranche: Tranche, day: int) -> None:
    request_tranche(stage.session, tranche_id=tranche.id, actor=stage.actor(team.owner), now=stage.at(day))


def _verify(stage: Stage, _team: Team, tranche: Tranche, day: int) -> None:
    verify_tranche(stage.session, tranche_id=tranche.id, actor=stage.actor("officer"), now=stage.at(day, 11))


def _propose(stage: Stage, _team: Team, tranche: Tranche, day: int) -> None:
    propose_tranche(stage.session, tranche_id=tranche.id, actor=stage.actor("finance-maker"), now=stage.at(day, 12))


def _approve(stage: Stage, _team: Team, tranche: Tranche, day: int) -> None:
    stage.session.flush()
    approve_tranche(
        stage.session, tranche_id=tranche.id, version_seen=tranche.version, actor=stage.actor("finance-approver"),
        now=stage.at(day, 15),
    )  # fmt: skip


def _line(stage: Stage, tranche: Tranche) -> UUID:
    query = select(PaymentLine.id).where(PaymentLine.tranche_id == tranche.id).order_by(PaymentLine.id.desc())
    return stage.session.scalars(query).first() or tranche.id


RELEASE: dict[str, Callable[[Stage, Team, Tranche, int], None]] = {
    "requested": _request,
    "verified": _verify,
    "proposed": _propose,
    "approved": _approve,
}
