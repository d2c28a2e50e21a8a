"""Which organisations a consortium was sent with, beside its application: whoever stands in two is found."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application, TakingPart
from portal.applications.operations.refusals import StandsInTwo
from portal.calls.rules import TwoConsortia
from portal.core.unit_of_work import violation

violation("uq_taking_part_only", StandsInTwo)
violation("taking_part.phase_id, taking_part.organisation_id", StandsInTwo)


def take_part(session: Session, *, application: Application, now: datetime) -> None:
    """Keep who stands in the consortium that is being sent, and who no longer does. Nothing for other applicants.

    Where the call refuses an organisation in two consortia the database says no to the second: StandsInTwo.
    """
    organisation = application.organisation
    if not organisation.is_consortium:
        return
    stand = {each.organisation_id: each for each in _live(session, application)}
    sent = [place.organisation_id for place in organisation.partners]
    for organisation_id, row in stand.items():
        if organisation_id not in sent:
            row.until = now
    is_only = application.design.participation.two_consortia is TwoConsortia.REFUSED
    session.add_all(
        TakingPart(
            application_id=application.id, phase_id=application.phase_id, organisation_id=each, since=now,
            is_only=is_only,
        )
        for each in sent if each not in stand
    )  # fmt: skip
    session.flush()


def leave_part(session: Session, *, application: Application, now: datetime) -> None:
    """The application was withdrawn: its organisations are free again."""
    for row in _live(session, application):
        row.until = now


def _live(session: Session, application: Application) -> list[TakingPart]:
    query = select(TakingPart).where(TakingPart.application_id == application.id, TakingPart.until.is_(None))
    return list(session.scalars(query.order_by(TakingPart.id)))
