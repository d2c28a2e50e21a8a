"""What the page of an agreement shows: its versions, their signatures, and what may be done with the newest."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.calls.rules.design import SignatureWay
from portal.core.i18n import speaking
from portal.documents.models import FileSignature, StoredFile
from portal.documents.queries import signatures_of
from portal.grants.agreements.judging import wants_reason
from portal.grants.agreements.labels import DOUBTS
from portal.grants.agreements.queries import plan_in_force
from portal.grants.agreements.rules import AFTERWARDS, BEFORE, Side
from portal.grants.changes.telling import differences
from portal.grants.models import Agreement, Grant


@dataclass(frozen=True, slots=True)
class Step:
    """Where the newest version stands: at most one of these is due; of one in force, whether it may be changed."""

    may_prepare: bool
    awaits_recipient: bool
    awaits_office: bool
    may_be_changed: bool = False


@dataclass(frozen=True, slots=True)
class Doubted:
    """The doubts of the recipient's signature in words, and whether the office has to write a reason."""

    lines: tuple[str, ...]
    wants_reason: bool


def step_of(grant: Grant) -> Step:
    """What is due."""
    newest = grant.agreement
    is_open = newest is not None and not newest.is_in_force
    is_due = is_open and grant.status in (AFTERWARDS if newest and newest.is_addendum else BEFORE)
    is_due = is_due and newest is not None and newest.carries(grant.cup)
    is_signed = newest is not None and newest.signed_at is not None
    may_prepare = grant.status in BEFORE and grant.cup is not None
    may_be_changed = grant.status in AFTERWARDS and grant.agreement_in_force is not None
    return Step(may_prepare, is_due and not is_signed, is_due and is_signed, may_be_changed)


def changed_since(session: Session, grant: Grant, now: datetime) -> str:
    """What the plan says otherwise than when the agreement in force was signed, a line each, in Italian."""
    agreement = grant.agreement_in_force
    signed_at = agreement.countersigned_at if agreement is not None else None
    if signed_at is None:
        return ""
    before, after = (plan_in_force(session, grant.id, instant) for instant in (signed_at, now))
    if before is None or after is None:
        return ""
    with speaking("it"):
        return "\n".join(f"{line.label}: {line.before} → {line.after}" for line in differences(before, after))


def doubted(grant: Grant) -> Doubted:
    """What is in doubt of the newest signature."""
    rules = grant.application.design.agreement.doubts
    signature = grant.agreement.signature_of(Side.RECIPIENT) if grant.agreement else None
    found = signature.doubted if signature else ()
    return Doubted(tuple(str(DOUBTS[each]) for each in found), wants_reason(rules, found))


def ways_of(grant: Grant, side: Side) -> tuple[bool, bool]:
    """Whether this side may sign by a file, and on the portal."""
    rules = grant.application.design.agreement
    ways = rules.signed_by if side is Side.RECIPIENT else rules.countersigned_by
    return any(way is not SignatureWay.PORTAL for way in ways), SignatureWay.PORTAL in ways


def files_of(agreements: list[Agreement]) -> list[StoredFile]:
    """Every signed file of these versions."""
    return [each.file for agreement in agreements for each in agreement.signatures if each.file is not None]


def signatures_shown(session: Session, grant: Grant) -> dict[UUID, list[FileSignature]]:
    """What was read of the signed files, by file."""
    return signatures_of(session, files_of(grant.agreements))
