"""Acts that begin at the same moment, each in its own thread, transaction and session."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

from flask import Flask
from sqlalchemy.orm import Session

from portal.core.errors import Refusal
from portal.core.unit_of_work import unit_of_work
from portal.payments.models import Tranche
from portal.payments.rules import TrancheStatus
from tests.factories.payments import Finance


def at_once(app: Flask, *acts: Callable[[Session], object]) -> list[str]:
    """Run the acts in threads that start together, each in its own unit of work; what each one met."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[Session], object]) -> str:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                with unit_of_work() as session:
                    act(session)
            except Refusal as refusal:
                return type(refusal).__name__
            return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def many_proposed(finance: Finance, count: int) -> list[UUID]:
    """The grant planned in so many tranches, each proposed by the maker."""
    for planned in finance.tranches:
        finance.session.delete(planned)
    finance.session.flush()
    done = {"requested": finance.world.owner, "verified": finance.world.officer, "proposed": finance.maker}
    people = {f"{step}_by": person.id for step, person in done.items()}
    times = {f"{step}_at": finance.now for step in done}
    tranches = [
        Tranche(
            authority_id=finance.grant.authority_id, grant_id=finance.grant.id, number=number, key=f"t{number}",
            name={"it": "Tranche"}, amount_cents=finance.grant.awarded_cents // count,
            gates=["cup", "published", "iban_verified"], status=TrancheStatus.PROPOSED, status_at=finance.now,
            due_on=finance.now.date(), **people, **times,
        )
        for number in range(1, count + 1)
    ]  # fmt: skip
    finance.session.add_all(tranches)
    finance.session.flush()
    return [tranche.id for tranche in tranches]
