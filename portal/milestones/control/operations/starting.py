"""The control begins: it is drawn which lines are looked at."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, Tie
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.grants.apart import stand_apart
from portal.milestones.control.models import ControlSample
from portal.milestones.control.operations.refusals import BegunAlready, NotInControl, TooNear
from portal.milestones.control.queries import alike_of, lines_charged, sample_of_version
from portal.milestones.control.rules import LONGEST_SEED
from portal.milestones.control.sampling import drawn, sampling_of
from portal.milestones.costs.models import CostReport
from portal.milestones.costs.queries.reports import report_to_change
from portal.milestones.costs.rules import APPROVE

NEAR = frozenset({Tie.COACHES, Tie.ASSIGNED})
"""Who helps a team, or scores it."""


def begin_control(session: Session, *, report_id: UUID, seed: str, actor: Actor, now: datetime) -> ControlSample:
    """Draw the lines of this version by the method of the call: from now on it is not taken back, only returned.

    Raises BegunAlready, NotInControl, OwnOrganisation, and Invalid of `seed` where chance needs one.
    """
    report = report_to_control(session, actor=actor, report_id=report_id)
    if sample_of_version(session, report) is not None:
        raise BegunAlready
    lines = lines_charged(session, report.id)
    said = clean_line(seed)
    sampling = sampling_of(report.grant.application.design.control, seed_of(said=said))
    if sampling.needs_seed and not 0 < len(said) <= LONGEST_SEED:
        raise Invalid(lazy_("Write the seed, at most %(most)d characters, such as the numbers of a public lottery.",
                            most=LONGEST_SEED), "seed")  # fmt: skip
    sample = ControlSample(
        report_id=report.id, version=report.version, method=sampling.method, share_hundredths=sampling.share_hundredths,
        least=sampling.least, above_cents=sampling.above_cents, seed=sampling.seed if sampling.needs_seed else "",
        population=len(lines), drawn=drawn(sampling, lines), alike=sorted(alike_of(session, report)),
        drawn_by=actor.person_id, drawn_at=now,
    )  # fmt: skip
    session.add(sample)
    report.control_began_at = now
    session.flush()
    after = {"seed": sample.seed, "drawn": len(sample.drawn), "among": sample.population, "version": report.version}
    record(session, at=now, actor=actor, event="control.sample", subject=report, after=after)
    return sample


def seed_of(*, said: str) -> str:
    """What was said, and figures that nobody knows before the draw: no seed can be tried until it spares a line."""
    return f"{said} · {secrets.token_hex(8)}"


def report_to_control(
    session: Session, *, actor: Actor, report_id: UUID, action: Action = Action.CONTROL_WORK
) -> CostReport:
    """A report that was sent, locked for somebody who is not of its recipient. Raises NotInControl."""
    report = report_to_change(session, actor, action, report_id)
    stand_far(actor=actor, report=report, not_again=report.submitted_by)
    if report.status not in APPROVE.sources:
        raise NotInControl
    return report


def stand_far(*, actor: Actor, report: CostReport, not_again: UUID | None = None) -> None:
    """Return if the actor is not of the recipient, did not send the report, and neither coaches nor evaluates it."""
    grant = report.grant
    stand_apart(actor=actor, organisation_id=grant.organisation_id, not_again=not_again)
    near = {tie for each in (grant.id, grant.application_id) for tie in actor.ties_to(each)}
    near |= actor.ties_to(grant.organisation_id)
    if near & NEAR:
        raise TooNear
