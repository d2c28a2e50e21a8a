"""The control of a version as a whole: what was looked at, what is still to look at, what would stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.applications.content import content_hash
from portal.calls.rules import ControlQuestion
from portal.core.actor import Actor
from portal.milestones.control.checklist import checklist_of
from portal.milestones.control.models import ControlAnswer, ControlProposal, ControlSample, LineOutcome
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


@dataclass(frozen=True, slots=True)
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
    def to_check(self) -> list[int]:
        """Numbers of the lines drawn that nobody has judged."""
        return [number for number in (self.sample.drawn if self.sample else []) if number not in self.outcomes]

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
        return self.sample is not None and not self.to_check and not self.unanswered

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
    """SHA-256 of all that was found: a proposal is bound to it."""
    said: dict[str, Any] = {
        "version": control.report.version,
        "drawn": control.sample.drawn if control.sample else [],
        "outcomes": [[number, each.number, each.accepted_cents] for number, each in sorted(control.outcomes.items())],
        "answers": [[key, str(each.id)] for key, each in sorted(control.answers.items())],
        "accepted_cents": control.accepted_cents,
    }
    return content_hash(said)
