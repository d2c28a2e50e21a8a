"""Cost reports that were sent, and their control by the office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access.models import Person
from portal.access.policy import Role
from portal.core.actor import Actor
from portal.milestones.control import operations
from portal.milestones.control.operations.judging import Told
from portal.milestones.control.queries import control_of
from portal.milestones.control.rules import Answer
from portal.milestones.costs.models import CostReport
from tests.factories import costs
from tests.factories.base import make_staff
from tests.factories.grants import World, make_world

EACH = ("1.000,00", "500,00", "200,00", "100,00", "50,00", "20,00")


@dataclass
class Controlling:
    """A report that was sent, who controls it and who approves."""

    world: World
    report: CostReport
    checker: Person

    @property
    def session(self) -> Session:
        """Of the world."""
        return self.world.session

    def by(self, person: Person | None = None) -> dict[str, Any]:
        """Who acts on this report, and when: the officer unless somebody else is named."""
        actor: Actor = self.world.actor(person or self.world.officer)
        return {"report_id": self.report.id, "actor": actor, "now": self.world.now}

    def begin(self, seed: str = "12 34 56") -> list[int]:
        """The lines are drawn."""
        return list(operations.begin_control(self.session, seed=seed, **self.by()).drawn)

    def accept_all(self) -> None:
        """Every line drawn is accepted, every question answered by yes."""
        control = control_of(self.session, self.report)
        if control.to_check:
            operations.accept_lines(self.session, numbers=control.to_check, **self.by())
        told = {question.key: Told(Answer.YES) for question in control.unanswered}
        if told:
            operations.answer_checklist(self.session, told=told, **self.by())

    def propose(self, person: Person | None = None) -> Any:
        """The officer proposes what was found."""
        cents = control_of(self.session, self.report).accepted_cents
        return operations.propose_control(self.session, seen_cents=cents, note="", **self.by(person))

    def approve(self, proposal: Any, person: Person | None = None) -> CostReport:
        """A colleague approves it."""
        return operations.approve_control(self.session, proposal_id=proposal.id, **self.by(person or self.checker))


def make_controlling(
    session: Session, *, now: datetime, control: Mapping[str, Any] | None = None, amounts: tuple[str, ...] = EACH
) -> Controlling:
    """The association has sent a report with a line for each of these net amounts, VAT not charged."""
    world = make_world(session, now=now)
    grant = world.activate()
    costs.with_costs(session, world.call, grant)
    world.call.definition = world.call.definition | {"control": CONTROL | dict(control or {})}
    checker = make_staff(session, world.authority, Role.OFFICER, now=now, name="Ines Riva")
    world.now = now + timedelta(days=40)
    report = costs.start(world, grant, from_on=date(2026, 3, 2), until_on=date(2026, 3, 31))
    for number, net in enumerate(amounts, 1):
        costs.write(world, report, net=net, vat="0,00", document_number=f"FT {number}/2026")
    return Controlling(world, costs.send(world, report), checker)


CONTROL: dict[str, Any] = {
    "method": "all", "share": "10", "least": 1, "above": None, "answer_days": 10, "checklist": [], "materiality": None,
}  # fmt: skip
