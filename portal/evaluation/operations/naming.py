"""Keeping the list of names, and opening what somebody has declared on. Whatever changes a name asks anew."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from portal.access.models import Organisation
from portal.access.queries.consortia import partners_of
from portal.applications.models import Application
from portal.core.actor import SYSTEM, Actor
from portal.core.audit import record
from portal.evaluation.models import Assignment, Commission, GeneralDeclaration, NamesShown
from portal.evaluation.queries.naming import declared_on, newest_names, undecided
from portal.evaluation.rules import ASK_ANEW, DECLARE_FREE
from portal.notices.operations import notify


def keep_names(session: Session, *, applications: Sequence[Application], now: datetime) -> list[Application]:
    """Write down who applies, where it was not yet, or where somebody came in since; the applications that changed.

    What an evaluator was reading closes until they have declared on the new names. Somebody who left asks nothing.
    """
    partners = partners_of(session, [each.organisation for each in applications])
    ids = [each.id for each in applications]
    query = newest_names().where(NamesShown.application_id.in_(ids))
    stand = {each.application_id: each for each in session.scalars(query)}
    changed = [each for each in applications if _write(session, each, stand.get(each.id), _names(each, partners), now)]
    session.flush()
    _ask_anew(session, [each for each in changed if each.id in stand], now)
    return changed


def _names(application: Application, partners: dict[UUID, list[Organisation]]) -> list[str]:
    others = sorted(each.name for each in partners.get(application.organisation_id, ()))
    return list(dict.fromkeys([application.organisation.name, *others]))


def _write(
    session: Session, application: Application, stands: NamesShown | None, names: list[str], now: datetime
) -> bool:
    if stands is not None and set(names) <= set(stands.names):
        return False
    version = stands.version + 1 if stands else 1
    session.add(NamesShown(application_id=application.id, version=version, names=names, at=now))
    return True


def _ask_anew(session: Session, applications: Sequence[Application], now: datetime) -> None:
    query = select(Assignment).where(
        Assignment.application_id.in_([each.id for each in applications]), Assignment.status.in_(ASK_ANEW.sources)
    )
    for row in session.scalars(query.order_by(Assignment.id)).all() if applications else ():
        before = row.status
        row.make(ASK_ANEW, at=now)
        record(session, at=now, actor=SYSTEM, event="assignment.closed", subject=row, before={"status": before},
               after={"status": row.status})  # fmt: skip
        text = {
            "it": "In una domanda è entrato un nuovo partner: occorre dichiarare di nuovo prima di continuare.",
            "en": "A new partner joined an application: declare again before going on.",
        }
        notify(session, people=[row.person_id], text=text, path="/scoring", now=now)


def open_what_is_free(session: Session, *, commission: Commission, actor: Actor, now: datetime) -> None:
    """Open the assignments of those who swore, declared on the names that stand, and of whom nothing is undecided."""
    session.flush()
    swore = exists().where(
        GeneralDeclaration.commission_id == commission.id,
        GeneralDeclaration.person_id == Assignment.person_id,
        GeneralDeclaration.holds,
    )
    on_these = newest_names(Assignment.application_id).where(declared_on(Assignment.person_id)).exists()
    query = (
        select(Assignment)
        .join(Application, Application.id == Assignment.application_id)
        .where(Application.phase_id == commission.phase_id, Assignment.status.in_(DECLARE_FREE.sources))
        .where(swore, on_these, ~undecided(Assignment.person_id, Assignment.application_id))
        .options(joinedload(Assignment.application))
        .order_by(Assignment.id)
    )
    for row in session.scalars(query).all():
        before = row.status
        row.make(DECLARE_FREE, at=now)
        record(session, at=now, actor=actor, event="assignment.opened", subject=row, before={"status": before},
               after={"status": row.status})  # fmt: skip
