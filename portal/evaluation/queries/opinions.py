"""Where the opinions on one application stand: what each gave, what lies apart, what is agreed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from portal.applications.models import Application
from portal.calls.rules import CallDesign, Criterion
from portal.evaluation.agreeing import STANDING, AgreementStatus, may_have_to_agree, to_agree
from portal.evaluation.models import AgreedMark, Assignment, ScoreSheet
from portal.evaluation.queries.assignments import assignments_of
from portal.evaluation.queries.seats import commission_of
from portal.evaluation.queries.sheets import last_sheets
from portal.evaluation.rules import LIVE, AssignmentStatus


@dataclass(frozen=True)
class Opinions:
    """The live assignments of an application, their last sheets, and the marks proposed or agreed, by criterion."""

    design: CallDesign
    live: Sequence[Assignment]
    sheets: Sequence[tuple[Assignment, ScoreSheet]]
    marks: Mapping[str, AgreedMark]
    seated: frozenset[UUID] = frozenset()
    """Who votes now: whoever left agrees on nothing, though what they gave counts."""

    @property
    def are_all_final(self) -> bool:
        """Whether everybody who scores is done."""
        return bool(self.live) and all(each.status is AssignmentStatus.FINALISED for each in self.live)

    @cached_property
    def evaluators(self) -> frozenset[UUID]:
        """Who scores it, and sits."""
        return frozenset(each.person_id for each in self.live) & self.seated

    @cached_property
    def given(self) -> dict[str, list[int]]:
        """What was given by criterion, in hundredths, in the order of the assignments."""
        found: dict[str, list[int]] = {}
        for _assignment, sheet in self.sheets:
            for criterion, points in sheet.given.items():
                found.setdefault(criterion, []).append(points)
        return found

    @cached_property
    def to_agree(self) -> list[Criterion]:
        """The criteria that need one mark; known once everybody is done."""
        return to_agree(self.design, self.given) if self.are_all_final else []

    @property
    def waiting(self) -> list[Criterion]:
        """Those that still lack it."""
        return [each for each in self.to_agree if not self.is_agreed(each.key)]

    def is_agreed(self, criterion: str) -> bool:
        """Whether a mark holds."""
        found = self.marks.get(criterion)
        return found is not None and found.status is AgreementStatus.AGREED


def opinions_of(session: Session, application: Application) -> Opinions:
    """The opinions on one application; marks and sheets are read only where the call may ask for agreement."""
    live = [each for each in assignments_of(session, [application.id]) if each.status in LIVE]
    design = application.design
    if not may_have_to_agree(design):
        return Opinions(design, live, [], {})
    query = (
        select(AgreedMark)
        .where(AgreedMark.application_id == application.id, AgreedMark.status.in_(STANDING))
        .options(selectinload(AgreedMark.assents))
        .order_by(AgreedMark.criterion, AgreedMark.version)
    )
    marks = {each.criterion: each for each in session.scalars(query)}
    commission = commission_of(session, application.phase_id)
    seated = frozenset(each.person_id for each in commission.members) if commission else frozenset()
    return Opinions(design, live, last_sheets(session, [application.id]), marks, seated)
