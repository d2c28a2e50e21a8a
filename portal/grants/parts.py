"""Parts of the grant page that upper rooms fill: milestones, tranches, coaching.

A piece of its own, because a lower room never asks an upper one: `portal.app` registers their contributors.
"""

from collections.abc import Callable
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class GrantPart:
    """A section of the grant page; `empty` is said when it has no lines, `url` opens its own page."""

    key: str
    title: str
    lines: tuple[PartLine, ...]
    empty: str
    url: str | None = None
    button: str | None = None


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
