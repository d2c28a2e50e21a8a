"""The control of a version as a whole: what was looked at, what is still to look at, what would stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.content import content_hash
from portal.calls.rules import ControlQuestion
from portal.core.actor import Actor
from portal.milestones.control.checklist import checklist_of
from portal.milestones.control.models import (
    ControlAnswer,
    ControlProposal,
    ControlSample,
    ControlWidening,
    LineOutcome,
)
from portal.milestones.control.projection import Projection, kept, projection_of
from portal.milestones.control.queries.found import (
    answers_of,
    lines_charged,
    outcomes_of,
    proposal_of,
    sample_of_version,
)
from portal.milestones.control.rules import Charged, Standing, accepted_total, standing_of
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries import report_to_read


@dataclass(frozen=True)
class Control:
    """Everything that the control of one version has found."""

    report: CostReport
    lines: Sequence[Charged]
    sample: ControlSample | None
    outcomes: Mapping[int, LineOutcome]
    answers: Mapping[str, ControlAnswer]
    checklist: Sequence[ControlQuestion]
    standings: Sequence[Standing]
    proposal: ControlProposal | None

    @property
    def widenings(self) -> Sequence[ControlWidening]:
        """What was drawn afterwards, in its order."""
        return self.sample.widenings if self.sample else ()

    @property
    def alike(self) -> Sequence[int]:
        """Numbers of the lines that resemble a document claimed elsewhere: each of them is looked at."""
        return (self.sample.alike or ()) if self.sample else ()

    @property
    def drawn(self) -> list[int]:
        """Numbers of the lines drawn, those of later draws too."""
        first = self.sample.drawn if self.sample else []
        return sorted({*first, *(number for each in self.widenings for number in each.drawn)})

    @property
    def to_check(self) -> list[int]:
        """Numbers of the lines that are to be looked at and that nobody has judged."""
        if self.sample is None:
            return []
        return [number for number in sorted({*self.drawn, *self.alike}) if number not in self.outcomes]

    @property
    def materiality(self) -> Decimal | None:
        """Per cent that the error in the lines not looked at may come to, as the call declares it."""
        return self.report.grant.application.design.control.materiality

    @cached_property
    def projection(self) -> Projection | None:
        """What was found, extended to the lines that nobody looked at; None before the draw."""
        if self.sample is None:
            return None
        found = {number: each.accepted_cents for number, each in self.outcomes.items()}
        more = sum(len(each.drawn) for each in self.widenings)
        return projection_of(self.sample.sampling, self.lines, found, more)

    @property
    def must_widen(self) -> bool:
        """Whether what was found is too much for the lines not looked at to stand."""
        return self.projection is not None and self.projection.is_beyond(self.materiality)

    @property
    def unanswered(self) -> list[ControlQuestion]:
        """Questions of the checklist without an answer."""
        return [each for each in self.checklist if each.key not in self.answers]

    @property
    def accepted_cents(self) -> int:
        """What would stand, flat rates too."""
        return accepted_total(self.standings)

    @property
    def is_complete(self) -> bool:
        """Whether it may be proposed."""
        return self.sample is not None and not self.to_check and not self.unanswered and not self.must_widen

    @property
    def stands(self) -> bool:
        """Whether the newest proposal says what is found now, and waits for its approval."""
        proposal = self.proposal
        return proposal is not None and proposal.approved_at is None and proposal.found_sha256 == digest_of(self)


def control_of(session: Session, report: CostReport) -> Control:
    """The control of the version that was sent last."""
    lines, outcomes = lines_charged(session, report.id), outcomes_of(session, report)
    design = report.grant.application.design
    found = {number: each.accepted_cents for number, each in outcomes.items()}
    return Control(
        report=report, lines=lines, sample=sample_of_version(session, report), outcomes=outcomes,
        answers=answers_of(session, report), checklist=checklist_of(design),
        standings=standing_of(design.costs, lines, found), proposal=proposal_of(session, report),
    )  # fmt: skip


def control_to_read(session: Session, actor: Actor, report_id: UUID) -> Control:
    """For whoever of the office may read it; NotFound otherwise."""
    report = report_to_read(session, actor, report_id)
    authorise(actor, Action.CONTROL_READ, report)
    return control_of(session, report)


def digest_of(control: Control) -> str:
    """SHA-256 of all that was found: a proposal is bound to it.

    `since`: a question to the recipient, and its answer, move the report: what was proposed before them is void.
    """
    said: dict[str, Any] = {
        "version": control.report.version,
        "drawn": control.drawn,
        "outcomes": [[number, each.number, each.accepted_cents] for number, each in sorted(control.outcomes.items())],
        "answers": [[key, str(each.id)] for key, each in sorted(control.answers.items())],
        "since": control.report.status_at.isoformat(),
        "projection": kept(control.projection, control.materiality) if control.projection else None,
        "accepted_cents": control.accepted_cents,
    }
    return content_hash(said)
