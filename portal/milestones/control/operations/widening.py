"""Too much was found in a sample: more lines of the same recorded sequence are drawn, or all of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.audit import record
from portal.milestones.control.models import ControlWidening
from portal.milestones.control.operations.refusals import NotBegun, NotToWiden
from portal.milestones.control.operations.starting import report_to_control
from portal.milestones.control.queries import control_of
from portal.milestones.control.sampling import drawn, first_drawn, strata_of


def widen_sample(session: Session, *, report_id: UUID, all_of_it: bool, actor: Actor, now: datetime) -> ControlWidening:
    """Draw as many lines again as at first, or all that are left; whoever repeats the draw finds the same.

    Raises NotBegun, NotToWiden, NotInControl, OwnOrganisation.
    """
    report = report_to_control(session, actor=actor, report_id=report_id)
    control = control_of(session, report)
    if control.sample is None or control.projection is None:
        raise NotBegun
    sampling, before = control.sample.sampling, sum(len(each.drawn) for each in control.widenings)
    strata = strata_of(sampling, control.lines)
    size = len(strata.sequence) if all_of_it else max(first_drawn(sampling, strata), sampling.least)
    new = sorted(set(drawn(sampling, control.lines, before + size)) - set(control.drawn))
    if not new:
        raise NotToWiden
    row = ControlWidening(
        report_id=report.id, version=report.version, number=len(control.widenings) + 1, drawn=new,
        projected_cents=control.projection.projected_cents, drawn_by=actor.person_id, drawn_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    after = {"drawn": len(new), "projected_cents": row.projected_cents, "version": report.version}
    record(session, at=now, actor=actor, event="control.widen", subject=report, after=after)
    return row
