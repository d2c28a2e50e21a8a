"""The steps by which a group shows that it keeps its commitment to become a legal entity."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.rules import IncorporationStep
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import in_language, lazy_
from portal.core.text import clean_line
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.models import Grant, IncorporationTick
from portal.grants.queries import grant_to_change, grant_to_read, steps_of
from portal.grants.rules import LARGEST_FILE, GrantStatus, require

INCORPORATING = frozenset({GrantStatus.INCORPORATING})
EVIDENCE = FileRules(("pdf", "p7m", "png", "jpg"), LARGEST_FILE, field="file")
LONGEST_NOTE = 500


class StepsOpen(Conflict):
    """The call asks for steps that the group has not shown."""


def step_rules(session: Session, *, grant_id: UUID, actor: Actor) -> FileRules:
    """What is asked of the evidence of a step, to whoever may show it."""
    authorise(actor, Action.INCORPORATION_RECORD, grant_to_read(session, actor, grant_id))
    return EVIDENCE


def take_step(
    session: Session, *, grant_id: UUID, key: str, note: str, file: Arrived | None, actor: Actor, now: datetime
) -> IncorporationTick:
    """Show that a step was taken, with its evidence; shown again, the newest counts and the others stay."""
    grant = grant_to_change(session, actor, Action.INCORPORATION_RECORD, grant_id)
    require("take_step", INCORPORATING, grant.status)
    step = _declared(grant, key)
    note = clean_line(note)[:LONGEST_NOTE]
    if step.needs_file and file is None:
        raise Invalid(lazy_("The call wants a file as evidence of this step: choose it."), "file")
    if file is None and not note:
        raise Invalid(lazy_("Write in a sentence what was done, or add a file."), "note")
    stored = store_upload(session, upload=file, rules=EVIDENCE, actor=actor, now=now) if file else None
    tick = IncorporationTick(
        incorporation_id=grant.incorporation.id if grant.incorporation else None, key=key, note=note or None,
        file_id=stored.id if stored else None, ticked_by=actor.person_id, ticked_at=now,
    )  # fmt: skip
    session.add(tick)
    session.flush()
    after = {"step": key, "sha256": stored.sha256 if stored else None}
    record(session, at=now, actor=actor, event="incorporation.step", subject=grant, after=after)
    return tick


def require_steps(session: Session, *, grant: Grant) -> None:
    """Return where every step of the call was shown; StepsOpen with those that were not."""
    missing = [in_language(each.step.text) for each in steps_of(session, grant) if each.tick is None]
    if missing:
        raise StepsOpen(lazy_("The group has not shown these steps yet: %(steps)s.", steps="; ".join(missing)))


def _declared(grant: Grant, key: str) -> IncorporationStep:
    steps = grant.application.design.award.incorporation_steps
    found = next((step for step in steps if step.key == key), None)
    if found is None or grant.incorporation is None:
        raise NotFound
    return found
