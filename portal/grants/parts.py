"""Parts of the grant page that upper rooms fill: milestones, tranches, coaching, and what happened in all of them.

A piece of its own, because a lower room never asks an upper one: `portal.app` registers their contributors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.grants.models import Grant


@dataclass(frozen=True, slots=True)
class PartLine:
    """One object of an upper room: its name, page, state in words with its tone, and a word more."""

    label: str
    url: str
    state: str
    tone: str = "neutral"
    note: str = ""
    step: UUID | None = None
    """The milestone that it is, or waits for: one plan shows each tranche under its milestone."""


@dataclass(frozen=True, slots=True)
class GrantPart:
    """A section of the grant page; `empty` is said when it has no lines, `url` opens its own page."""

    key: str
    title: str
    lines: tuple[PartLine, ...]
    empty: str
    url: str | None = None
    button: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened to the grant, or to an object of it in any room; `about` names the object."""

    at: datetime
    title: str
    who: str
    about: str = ""
    url: str | None = None


PLAN = ("milestones", "tranches")
"""The parts that make the plan of a grant."""


def plan_in_order(parts: Sequence[GrantPart]) -> list[PartLine]:
    """One plan: what waits for no milestone first, then each milestone with what waits for it."""
    lines = [line for part in parts if part.key in PLAN for line in part.lines]
    steps = [line for part in parts if part.key == PLAN[0] for line in part.lines]
    found = [line for line in lines if line not in steps and line.step not in {each.step for each in steps}]
    for step in steps:
        found += [step, *(line for line in lines if line not in steps and line.step == step.step)]
    return found


Contributor = Callable[[Session, Actor, Grant], GrantPart | None]
contributors: list[Contributor] = []


def contribute(contributor: Contributor) -> None:
    """Add a part to every grant page, in the order of registration; registering twice counts once."""
    if contributor not in contributors:
        contributors.append(contributor)


def parts_of(session: Session, actor: Actor, grant: Grant) -> list[GrantPart]:
    """The parts that this actor may see."""
    found = (contributor(session, actor, grant) for contributor in contributors)
    return [part for part in found if part is not None]


Teller = Callable[[Session, Actor, Grant], Sequence[Happening]]
tellers: list[Teller] = []
"""Who tells what happened to a grant: one, since the trail of every room is one table."""


def told_of(session: Session, actor: Actor, grant: Grant) -> list[Happening]:
    """The latest of everything that happened, as far as this actor may know it; newest first."""
    return [each for teller in tellers for each in teller(session, actor, grant)]
