"""The way of an applicant through a call of several phases: each phase, and what stands between two."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.gates import needed_minutes
from portal.applications.models import Application
from portal.applications.queries.entry import Entry, entry_with
from portal.applications.rules import ApplicationStatus
from portal.calls.models import Phase
from portal.calls.rules import Accompaniment

PASSED = frozenset({ApplicationStatus.SELECTED, ApplicationStatus.FUNDED, ApplicationStatus.SUITABLE})
OUT = frozenset(
    {
        ApplicationStatus.INADMISSIBLE, ApplicationStatus.NOT_SUITABLE, ApplicationStatus.RENOUNCED,
        ApplicationStatus.EXCLUDED, ApplicationStatus.WITHDRAWN,
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stage:
    """One phase of the way: its application if there is one, and else whether it may be begun."""

    phase: Phase
    application: Application | None
    entry: Entry | None
    """The gates of a phase for which nothing was begun yet."""

    @property
    def is_selected(self) -> bool:
        """Whether the final ranking admitted it to the next phase."""
        return self.application is not None and self.application.status is ApplicationStatus.SELECTED

    @property
    def has_passed(self) -> bool:
        """Whether a final ranking spoke well of it."""
        return self.application is not None and self.application.status in PASSED

    @property
    def is_out(self) -> bool:
        """Whether it left the way here."""
        return self.application is not None and self.application.status in OUT

    @property
    def accompaniment(self) -> Accompaniment | None:
        """What follows the phase, before the next one."""
        return self.phase.accompaniment

    @property
    def needed(self) -> int:
        """The least attendance, in minutes."""
        return needed_minutes(self.accompaniment) if self.accompaniment else 0

    def may_begin(self, now: datetime) -> bool:
        """Whether the team may begin its application now."""
        return self.entry is not None and self.entry.is_open and self.phase.is_open(now)


def way_of(session: Session, application: Application) -> list[Stage]:
    """The stages of the line in which an application stands, in their order; none in a call of one phase."""
    if len(application.call.design.phases) < 2:
        return []
    phases = application.call.phases
    query = select(Application).where(
        Application.call_id == application.call_id, Application.organisation_id == application.organisation_id,
        (Application.status != ApplicationStatus.WITHDRAWN) | (Application.id == application.id),
    )  # fmt: skip
    line = _line(application, session.scalars(query.order_by(Application.id)).all())
    stages: list[Stage] = []
    for phase in phases:
        mine = next((each for each in line if each.phase_id == phase.id), None)
        earlier = stages[-1].application if stages else None
        entry = entry_with(phase, application.organisation, earlier) if mine is None and earlier else None
        stages.append(Stage(phase, mine, entry))
    return stages


def _line(application: Application, found: Sequence[Application]) -> list[Application]:
    """What it follows, itself, and what follows it."""
    by_id = {each.id: each for each in found}
    line, before = [application], application.follows_id
    while before is not None and before in by_id:
        line.insert(0, by_id[before])
        before = by_id[before].follows_id
    while after := next((each for each in found if each.follows_id == line[-1].id), None):
        line.append(after)
    return line
