"""Releases at the same moment, on real databases with real threads: limits hold across grants, a batch pays once."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from portal.access.policy import Role
from portal.core.clock import now as instant
from portal.ledger import checks as ledger_checks
from portal.payments import checks, operations
from portal.payments.batches.operations import Chosen, release_batch
from portal.payments.batches.rules import BatchMode
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from tests.engines import both_engines
from tests.factories.base import as_actor, make_staff
from tests.factories.gated import limit
from tests.factories.payments import Finance, make_finance, put_under_way
from tests.factories.racing import at_once

ROUNDS = 6
CENTS = 60_000


def proposed(finance: Finance, grant: Any) -> list[Tranche]:
    """So many tranches of a grant, each proposed, with nothing in their way."""
    for planned in finance.session.query(Tranche).filter_by(grant_id=grant.id):
        finance.session.delete(planned)
    finance.session.flush()
    done = {"requested": finance.world.owner, "verified": finance.world.officer, "proposed": finance.maker}
    rest = grant.awarded_cents - CENTS * (ROUNDS - 1)
    made = [
        Tranche(
            authority_id=grant.authority_id, grant_id=grant.id, number=number, key=f"t{number}",
            name={"it": "Tranche"}, amount_cents=CENTS if number < ROUNDS else rest, gates=[],
            status=TrancheStatus.PROPOSED, status_at=finance.now, due_on=finance.now.date(),
            **{f"{step}_by": person.id for step, person in done.items()},
            **{f"{step}_at": finance.now for step in done},
        )
        for number in range(1, ROUNDS + 1)
    ]  # fmt: skip
    finance.session.add_all(made)
    finance.session.flush()
    return made


@pytest.fixture
def two_grants(store, now):
    """Two grants of one authority, tranches of both, and an approver for each round."""
    with store() as session:
        finance = make_finance(session, now=now)
        other = put_under_way(finance.world, finance.world.group_application)
        limit(finance, 100_000)
        approvers = [
            as_actor(session, make_staff(session, finance.world.authority, Role.FINANCE_APPROVER, now=now), now=now)
            for _round in range(ROUNDS)
        ]
        rows = [proposed(finance, grant) for grant in (finance.grant, other)]
        return [[(each.id, each.version) for each in row[: ROUNDS - 1]] for row in rows], approvers


def approving(approver: Any, seen: tuple[UUID, int]) -> Callable[[Session], object]:
    """One release, as it was seen."""
    given = {"tranche_id": seen[0], "version_seen": seen[1], "actor": approver}
    return lambda session: operations.approve_tranche(session, now=instant(), **given)


@both_engines
def test_two_releases_at_once_never_pass_the_limit_together(app, store, two_grants):
    (first, second), approvers = two_grants
    for mine, yours, approver in zip(first, second, approvers, strict=False):
        assert at_once(app, approving(approver, mine), approving(approver, yours)) == ["OverLimit", "done"]
    with store() as session:
        assert [*ledger_checks.broken(session), *checks.broken(session)] == []


@both_engines
def test_batches_that_share_their_tranches_never_wait_for_each_other_for_ever(app, store, two_grants):
    (first, second), approvers = two_grants

    def batch(approver: Any, seen: list[tuple[UUID, int]]) -> Callable[[Session], object]:
        chosen = [Chosen(*each) for each in seen]
        given = {"chosen": chosen, "mode": BatchMode.WHOLE, "actor": approver}
        return lambda session: release_batch(session, now=instant(), **given)

    for mine, yours, approver, other in zip(first, second, approvers, approvers[1:], strict=False):
        pair = [mine], [yours, mine][::-1]
        met = at_once(app, batch(approver, pair[0]), batch(other, pair[1]))
        assert met in (["LineRefused", "done"], ["LineRefused", "LineRefused"])
    with store() as session:
        assert [*ledger_checks.broken(session), *checks.broken(session)] == []
