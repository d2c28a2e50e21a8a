"""Carrying drafts over to a revised form, some at a time; their authors are told what changed of what they wrote."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access.policy import Tie
from portal.access.queries import people_by_object
from portal.applications.models import Application, DraftRebase
from portal.applications.operations.write import repeat_tagged
from portal.applications.queries import application_of
from portal.applications.rules import ApplicationStatus
from portal.core.actor import SYSTEM
from portal.core.audit import record
from portal.core.i18n import in_both, lazy_
from portal.core.mail import send_mail
from portal.notices.operations import notify
from portal.questionnaires.models import AnswerSheet, FormRevision
from portal.questionnaires.operations import rebase_sheet
from portal.questionnaires.queries import form_of
from portal.questionnaires.rules import Form
from portal.questionnaires.rules.compare import Change, ChangeKind, compare_forms

REBASE_JOB = "applications.rebase_drafts"
BATCH = 50
ASKS_MORE = frozenset({ChangeKind.ADDED, ChangeKind.REQUIRED})
"""Changes that concern a draft even where it had written nothing yet."""


def rebase_drafts(session: Session, *, call_id: UUID, form_revision_id: UUID, now: datetime, most: int = BATCH) -> int:
    """Let the next drafts of a call answer its revised form; how many were carried over, 0 when none is left.

    What was sent is frozen and stays as it is. Nothing that was typed is lost (see `rebase_sheet`).
    """
    revision = session.get_one(FormRevision, form_revision_id)
    drafts = _behind(session, call_id, revision, most)
    for application_id in drafts:
        _carry_over(session, application_of(session, application_id), revision, now)
    return len(drafts)


def _behind(session: Session, call_id: UUID, revision: FormRevision, most: int) -> Sequence[UUID]:
    """Drafts that answer an earlier form, locked; those that somebody else is sending at this instant wait."""
    query = (
        select(Application.id)
        .join(AnswerSheet, AnswerSheet.id == Application.sheet_id)
        .join(FormRevision, FormRevision.id == AnswerSheet.form_revision_id)
        .where(Application.call_id == call_id, Application.status == ApplicationStatus.DRAFT)
        .where(FormRevision.owner_id == revision.owner_id, FormRevision.number < revision.number)
    )
    return session.scalars(query.order_by(Application.id).limit(most).with_for_update(of=Application)).all()


def _carry_over(session: Session, application: Application, revision: FormRevision, now: datetime) -> None:
    before_id, before = application.sheet.form_revision_id, form_of(session, application.sheet)
    areas = [area.key for area in application.design.areas]
    touched = rebase_sheet(session, sheet=application.sheet, revision=revision, actor=SYSTEM, now=now, areas=areas)
    changes = [in_both(change) | {"section": change.section, "key": change.key}
               for change in _concerning(before, form_of(session, application.sheet), touched)]  # fmt: skip
    session.add(
        DraftRebase(
            application_id=application.id, form_before=before_id, form_after=revision.id, at=now, changes=changes
        )
    )
    repeat_tagged(session, application=application)
    after = {"form_revision": revision.number, "changes": len(changes)}
    record(session, at=now, actor=SYSTEM, event="application.rebased", subject=application, after=after)
    if changes:
        _tell(session, application, changes, now)


def _concerning(before: Form, after: Form, touched: Sequence[Change]) -> list[Change]:
    """The changes of what was answered, and what is asked now and was not before."""
    more = [each for each in compare_forms(before, after) if each.kind in ASKS_MORE and each not in touched]
    return [*touched, *more]


def _tell(session: Session, application: Application, changes: Sequence[dict[str, str]], now: datetime) -> None:
    message = lazy_("The form of your application %(reference)s has changed.", reference=application.reference)
    path = f"/applications/{application.id}"
    for _organisation, _how, person in people_by_object(
        session, [application.organisation_id], (Tie.OWNER, Tie.EDITOR), now
    ):
        notify(session, people=[person.id], text=in_both(message), path=path, now=now)
        send_mail(
            session, to=person.email, template="applications/form_changed", locale=person.locale, now=now,
            application=application, changes=changes,
        )  # fmt: skip
