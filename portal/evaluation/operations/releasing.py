"""Showing a file that is withheld while names are hidden: by a clean copy, or as it is, by an act."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import lazy_
from portal.core.written import written
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.evaluation.models import FileRelease
from portal.evaluation.points import LONGEST_REASON
from portal.evaluation.queries.matters import Matter, matter_for
from portal.evaluation.queries.withheld import WithheldFile, withheld_files
from portal.evaluation.terms import checked_act

COPY = FileRules(("pdf",), 10_000_000, field="copy")


class ShownAlready(Conflict):
    """What was done stays."""

    default = lazy_("Something was done about this file already. Reload the page.")


def give_clean_copy(
    session: Session, *, application_id: UUID, file_id: UUID, upload: Arrived | None, reason: str, actor: Actor,
    now: datetime,
) -> FileRelease:  # fmt: skip
    """Show evaluators a copy without signatures in the place of a file: it loses names as every other file does.

    Raises Invalid for a copy that is signed inside too, or without where it comes from; ShownAlready.
    """
    matter, found = _withheld(session, application_id, file_id, actor)
    why = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write where the copy comes from."))
    copy = store_upload(session, upload=upload, rules=COPY, actor=actor, now=now)
    session.flush()
    if not copy.may_lose_names:
        raise Invalid(lazy_("This copy is signed inside too: it would tell who applies."), "copy")
    return _release(session, matter, found, FileRelease(clean_file_id=copy.id, reason=why), actor, now)


def open_by_act(
    session: Session, *, application_id: UUID, file_id: UUID, act_number: str, act_date: date | None, reason: str,
    actor: Actor, now: datetime,
) -> FileRelease:  # fmt: skip
    """Show evaluators a file as it is, names inside, by an act that says why. Raises Invalid, ShownAlready."""
    matter, found = _withheld(session, application_id, file_id, actor)
    why = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write why it is shown with its names."))
    number, day = checked_act(act_number, act_date, now)
    return _release(session, matter, found, FileRelease(act_number=number, act_date=day, reason=why), actor, now)


def _withheld(session: Session, application_id: UUID, file_id: UUID, actor: Actor) -> tuple[Matter, WithheldFile]:
    """A file that is withheld now; every other is like one that is not there."""
    matter = matter_for(session, application_id, actor, Action.FILE_RELEASE)
    files = withheld_files(session, [matter.application.phase])
    found = next((each for each in files if (each.application.id, each.file.id) == (application_id, file_id)), None)
    if found is None:
        raise NotFound
    if not found.waits:
        raise ShownAlready
    return matter, found


def _release(
    session: Session, matter: Matter, found: WithheldFile, row: FileRelease, actor: Actor, now: datetime
) -> FileRelease:
    row.application_id, row.file_id, row.at, row.released_by = found.application.id, found.file.id, now, actor.person_id
    session.add(row)
    session.flush()
    record(session, at=now, actor=actor, event=Action.FILE_RELEASE, subject=row, reason=row.reason,
           after={"application": row.application_id, "file": row.file_id, "copy": row.clean_file_id,
                  "act": row.act_number},
           authority_id=matter.application.authority_id)  # fmt: skip
    return row
