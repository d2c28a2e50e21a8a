"""What every step of a rehearsal plays with: the twin's call, the people, the calendar, the report it writes."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.calls.models import Call, Phase
from portal.calls.rules import CallDesign
from portal.core.actor import Actor
from portal.core.errors import NotFound, Refusal
from portal.core.i18n import in_both
from portal.documents.operations import Arrived
from portal.evaluation.models import Ranking
from portal.grants.models import Grant
from portal.rehearsal.cast import Part, parts_of
from portal.rehearsal.models import Rehearsal
from portal.rehearsal.papers import REHEARSED, pdf_of
from portal.rehearsal.plan import Stop
from portal.rehearsal.rules import ROME, Calendar, Fate, Level, Line
from portal.rehearsal.twin import Troupe


class CannotGoOn(Exception):
    """The step cannot be played and nothing can come after it: its lines say why."""


@dataclass
class Play:
    """One rehearsal under way, at one of its steps."""

    session: Session
    rehearsal: Rehearsal
    now: datetime
    """The real instant at which the rehearsal began: every day of it lies before."""
    stop: Stop
    lines: list[Line] = field(default_factory=list)

    @cached_property
    def troupe(self) -> Troupe:
        """The invented people."""
        return Troupe(self.session, self.rehearsal)

    @property
    def call(self) -> Call:
        """The twin's call, from the first step on."""
        if self.rehearsal.call is None:
            raise NotFound
        return self.rehearsal.call

    @cached_property
    def phase(self) -> Phase:
        """The phase that is played; the last one for what follows all phases."""
        return next((each for each in self.call.phases if each.key == self.stop.phase), self.call.phases[-1])

    @cached_property
    def design(self) -> CallDesign:
        """What the twin's call declares, as this phase has it."""
        return self.phase.design

    @cached_property
    def days(self) -> Calendar:
        """Days from the last deadline of the phase."""
        return calendar_of(self.phase, self.now)

    @cached_property
    def parts(self) -> dict[str, Part]:
        """The applicants by key."""
        return {part.key: part for part in parts_of(self.call.design)}

    def place(self, name: str, phase: Phase | None = None) -> str:
        """The place of a part of the design, as the phase has it: its own, where it declares one."""
        phase = phase or self.phase
        own = phase.declared.selection
        head = name.partition(".")[0]
        if own is None or getattr(own, head, None) is None:
            return name
        number = [each.key for each in self.call.design.phases].index(phase.key)
        return f"phases.{number}.selection.{name}"

    def say(self, level: Level, message: object, *, place: str = "", path: str = "") -> None:
        """Write a line of the report."""
        self.lines.append(Line(level, in_both(message), place, path))

    def done(self, message: object, *, path: str = "") -> None:
        """Say that something went as it should."""
        self.say(Level.DONE, message, path=path)

    def held(self, message: object, *, path: str = "", place: str = "") -> None:
        """Say that a guard of the portal held."""
        self.say(Level.HELD, message, path=path, place=place)

    def warn(self, message: object, *, place: str = "", path: str = "") -> None:
        """Say what the officer should think about."""
        self.say(Level.WARNING, message, place=place, path=path)

    def impossible(self, message: object, *, place: str = "", path: str = "") -> None:
        """Say what could not be played, with its place in the design."""
        self.say(Level.IMPOSSIBLE, message, place=place, path=path)

    def attempt(self, move: Any, **given: Any) -> Refusal | None:
        """Try an operation apart from the rest of the step: the refusal, or None when it went well."""
        try:
            with self.session.begin_nested():
                move(self.session, **given)
        except Refusal as refusal:
            return refusal
        return None

    def actor(self, key: str, now: datetime) -> Actor:
        """Somebody by key."""
        return self.troupe.actor(key, now)

    def owner_of(self, organisation_id: UUID, now: datetime) -> Actor:
        """Whoever represents an applicant."""
        return self.troupe.owner_of(organisation_id, now)

    def part_of(self, application: Application) -> Part:
        """The part that an application's team plays."""
        return self.parts[self.troupe.key_of(application.organisation_id).removesuffix("-lead")]

    def fate_of(self, application: Application) -> Fate:
        """What the team of an application shows in this phase."""
        return self.part_of(application).fate_in(self.phase.key)

    def paper(self, title: str, *words: str, strip: bool = False) -> Arrived:
        """A small PDF that says that it is of a rehearsal."""
        return pdf_of(title, words, foot=REHEARSED, strip=strip)

    @property
    def applications(self) -> list[Application]:
        """Every application to the phase, in the order in which they were begun."""
        query = select(Application).where(Application.phase_id == self.phase.id).order_by(Application.id)
        return list(self.session.scalars(query))

    @property
    def grants(self) -> list[Grant]:
        """Every grant of the twin's call, in the order of their references."""
        query = select(Grant).where(Grant.call_id == self.call.id).order_by(Grant.reference)
        return list(self.session.scalars(query))

    def ranking_of(self, phase: Phase) -> Ranking | None:
        """The newest version of the ranking of a phase."""
        query = select(Ranking).where(Ranking.phase_id == phase.id).order_by(Ranking.version.desc())
        return self.session.scalars(query).first()


def calendar_of(phase: Phase, now: datetime) -> Calendar:
    """The days of a phase: until what follows it begins."""
    following = phase.later
    if following is None:
        return Calendar(phase.closes_at, now)
    opens = following.opens_at.astimezone(ROME).date()
    between = phase.accompaniment
    starts = between.starts if between else None
    return Calendar(phase.closes_at, now, min(starts or opens, opens))
