"""Finding, closing and opening again the checks before signing. Nothing that was found is ever changed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.rules import GrantCheck
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict, Invalid, NotFound
from portal.core.i18n import in_language, lazy_
from portal.core.text import clean_line
from portal.core.written import written
from portal.documents.operations import Arrived, store_upload
from portal.documents.rules import FileRules
from portal.grants.apart import stand_apart
from portal.grants.checking.queries import checklist_of, holds_until
from portal.grants.checking.rules import READ, CheckOutcome, checks_of, last_day
from portal.grants.models import CheckFinding, Grant
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import CHECK_AGAIN, CONFIRM_VERIFICATION, LARGEST_FILE, GrantStatus, local_day, require

CHECKED = frozenset({GrantStatus.VERIFYING, GrantStatus.READY})
EVIDENCE = FileRules(("pdf", "p7m", "png", "jpg"), LARGEST_FILE, field="file")
LONGEST_REFERENCE = 300
LONGEST_NOTE = 1000


class ReadElsewhere(Conflict):
    """A fact is read where it was verified."""

    default = lazy_("This is read where it was verified: here you can only say why it is not due for this grant.")


class ChecksOpen(Conflict):
    """Something of the list is not positive."""


@dataclass(frozen=True, slots=True)
class CheckTyped:
    """What somebody found, as they wrote it down."""

    outcome: CheckOutcome
    issued_on: date
    reference: str = ""
    valid_until: date | None = None
    note: str = ""
    file: Arrived | None = None


def evidence_rules(session: Session, *, grant_id: UUID, actor: Actor) -> FileRules:
    """What is asked of a file of evidence, to whoever may record a check."""
    authorise(actor, Action.CHECK_RECORD, grant_to_read(session, actor, grant_id))
    return EVIDENCE


def record_check(
    session: Session, *, grant_id: UUID, key: str, typed: CheckTyped, actor: Actor, now: datetime
) -> CheckFinding:
    """Write down what was found on one check, with its evidence; the newest counts.

    A negative finding takes a grant that was ready back to its checks. Raises Invalid with the field, ReadElsewhere.
    """
    grant = grant_to_change(session, actor, Action.CHECK_RECORD, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    require("record_check", CHECKED, grant.status)
    check = _declared(grant, key)
    if check.kind in READ and typed.outcome is not CheckOutcome.NOT_DUE:
        raise ReadElsewhere
    finding = _finding(session, grant, check, typed, actor=actor, now=now)
    if finding.outcome is CheckOutcome.NEGATIVE and grant.status is GrantStatus.READY:
        grant.make(CHECK_AGAIN, at=now)
    after = {
        "checks": [key], "check_outcome": finding.outcome, "valid_until": finding.valid_until,
        "check_reference": finding.reference,
    }  # fmt: skip
    record(session, at=now, actor=actor, event=Action.CHECK_RECORD, subject=grant, after=after)
    return finding


def close_checks(session: Session, *, grant_id: UUID, actor: Actor, now: datetime) -> Grant:
    """State that every check of the list is positive: the grant is ready for its agreement, until the first expires.

    Closing again renews that day. Raises ChecksOpen with the checks that are not positive today.
    """
    grant = grant_to_change(session, actor, Action.CHECK_RECORD, grant_id)
    stand_apart(actor=actor, organisation_id=grant.organisation_id)
    require("close_checks", CHECKED, grant.status)
    states = checklist_of(session, grant, local_day(now))
    still = [in_language(state.check.text) for state in states if not state.is_done]
    if still:
        raise ChecksOpen(lazy_("These checks are not positive yet: %(checks)s.", checks="; ".join(still)))
    before = grant.status
    grant.checked_at, grant.checked_by, grant.checks_until = now, actor.person_id, holds_until(states)
    if grant.status is GrantStatus.VERIFYING:
        grant.make(CONFIRM_VERIFICATION, at=now)
    checks = [state.check.key for state in states]
    after = {"status": grant.status, "checks": checks, "valid_until": grant.checks_until}
    record(
        session, at=now, actor=actor, event="grant.verification_confirmed", subject=grant, before={"status": before},
        after=after,
    )  # fmt: skip
    return grant


def _declared(grant: Grant, key: str) -> GrantCheck:
    checks = checks_of(grant.application.design.award, was_group=grant.incorporation is not None)
    found = next((check for check in checks if check.key == key), None)
    if found is None:
        raise NotFound
    return found


def _finding(
    session: Session, grant: Grant, check: GrantCheck, typed: CheckTyped, *, actor: Actor, now: datetime
) -> CheckFinding:
    reference, note = _checked(check, typed, local_day(now))
    file = store_upload(session, upload=typed.file, rules=EVIDENCE, actor=actor, now=now) if typed.file else None
    finding = CheckFinding(
        grant_id=grant.id, key=check.key, outcome=typed.outcome, reference=reference, issued_on=typed.issued_on,
        valid_until=last_day(check, typed.issued_on, typed.valid_until), note=note,
        file_id=file.id if file else None, found_by=actor.person_id, found_at=now,
    )  # fmt: skip
    session.add(finding)
    session.flush()
    return finding


def _checked(check: GrantCheck, typed: CheckTyped, today: date) -> tuple[str | None, str | None]:
    if typed.issued_on > today:
        raise Invalid(lazy_("The date is in the future. Copy it from the document."), "issued_on")
    if typed.valid_until is not None and typed.valid_until < typed.issued_on:
        raise Invalid(lazy_("The document would expire before its date. Check both dates."), "valid_until")
    if typed.outcome is not CheckOutcome.POSITIVE:
        return _reference(typed), written(
            typed.note, most=LONGEST_NOTE, field="note", empty=lazy_("Write why: colleagues and auditors read it.")
        )
    if check.needs_file and typed.file is None:
        raise Invalid(lazy_("The call wants a file as evidence of this check: choose it."), "file")
    if typed.file is None and _reference(typed) is None:
        raise Invalid(
            lazy_("Write where it was looked at, such as a number or a register; or add a file."), "reference"
        )
    return _reference(typed), typed.note.strip()[:LONGEST_NOTE] or None


def _reference(typed: CheckTyped) -> str | None:
    text = clean_line(typed.reference)
    if len(text) > LONGEST_REFERENCE:
        raise Invalid(lazy_("At most %(most)d characters, these are %(n)d.", most=LONGEST_REFERENCE, n=len(text)),
                      "reference")  # fmt: skip
    return text or None
