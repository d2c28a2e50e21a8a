"""The office countersigns on the portal or by a signed file, accepts what is in doubt with a reason, or sends back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.rules.design import SignatureWay
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.events import announce
from portal.core.i18n import lazy_
from portal.core.text import clean_text
from portal.core.written import written
from portal.documents.models import StoredFile
from portal.documents.operations import Arrived, store_upload
from portal.documents.queries import signatures_of
from portal.grants.agreements.judging import NOT_BY_THE_OFFICE, CopyRefused, Judgement, judged, wants_reason
from portal.grants.agreements.looking import AskedCopy, Look, seen_of
from portal.grants.agreements.operations.signing import NotThisWay
from portal.grants.agreements.queries import codes_of
from portal.grants.agreements.rules import LONGEST_REASON, Side
from portal.grants.agreements.waiting import SIGNED_COPY, note_signature, to_sign
from portal.grants.apart import stand_apart
from portal.grants.models import Agreement, Grant
from portal.grants.operations.news import tell_grant_team
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import ACTIVATE, GrantActivated, GrantStatus, local_day, months_after

WHY = lazy_("Write why the office accepts this signature in spite of what is in doubt.")


class NotSigned(Conflict):
    """The recipient signs first."""

    default = lazy_("The recipient has not signed the agreement yet.")


class OtherCopy(Conflict):
    """Another signed copy was sent after the page was shown."""

    default = lazy_("Another signed copy was uploaded in the meantime. Reload the page and check that one.")


def countersign_agreement(
    session: Session, *, grant_id: UUID, actor: Actor, now: datetime, seen: str | None = None, reason: str = ""
) -> Grant:
    """Countersign on the portal, by a person other than who signed: the grant is active from today.

    `seen` binds the decision to the signature that was shown. Raises NotSigned, OtherCopy, TwoPeople, NotThisWay;
    Invalid where a doubt asks for a reason.
    """
    grant = grant_to_change(session, actor, Action.AGREEMENT_COUNTERSIGN, grant_id)
    agreement = _shown(grant, seen, now)
    if SignatureWay.PORTAL not in grant.application.design.agreement.countersigned_by:
        raise NotThisWay
    return _countersigned(
        session, grant, None, Judgement(SignatureWay.PORTAL), _why(grant, agreement, reason), actor, now
    )


def countersigned_copy_asked(session: Session, *, grant_id: UUID, actor: Actor) -> AskedCopy:
    """What is asked of the copy that both have signed, to whoever may send it."""
    grant = grant_to_read(session, actor, grant_id)
    authorise(actor, Action.AGREEMENT_COUNTERSIGN, grant)
    agreement = _shown(grant, None)
    return AskedCopy(SIGNED_COPY, agreement.signed_file or agreement.file)


def countersign_copy(
    session: Session, *, grant_id: UUID, upload: Arrived | None, actor: Actor, now: datetime, look: Look | None = None,
    seen: str | None = None, reason: str = "",
) -> Grant:  # fmt: skip
    """Countersign by a file: the copy of the recipient with a signature of the office. Raises as the other way does."""
    grant = grant_to_change(session, actor, Action.AGREEMENT_COUNTERSIGN, grant_id)
    agreement = _shown(grant, seen, now)
    why = _why(grant, agreement, reason)
    base = agreement.signed_file or agreement.file
    _adds_a_signature(session, base, upload, look)
    judgement = judged(
        seen_of(look, base, upload), rules=grant.application.design.agreement, side=Side.OFFICE,
        codes=codes_of(session, [actor.person_id]), at=now,
    ) if upload is not None else Judgement(SignatureWay.DIGITAL)  # fmt: skip
    file = store_upload(session, upload=upload, rules=SIGNED_COPY, actor=actor, now=now)
    return _countersigned(session, grant, file, judgement, why, actor, now)


def return_copy(
    session: Session, *, grant_id: UUID, reason: str, actor: Actor, now: datetime, seen: str | None = None
) -> Agreement:
    """Send a signature back with a reason: the recipient signs again."""
    grant = grant_to_change(session, actor, Action.AGREEMENT_COUNTERSIGN, grant_id)
    agreement = _shown(grant, seen)
    stand_apart(actor=actor, organisation_id=grant.organisation_id, not_again=agreement.signed_by)
    why = written(reason, most=LONGEST_REASON, field="reason", empty=lazy_("Write what has to be mended."))
    before = {"version": agreement.version, "signed_at": agreement.signed_at}
    agreement.signed_at = agreement.signed_by = agreement.signed_file_id = None
    record(
        session, at=now, actor=actor, event="agreement.returned", subject=grant, before=before,
        after={"version": agreement.version}, reason=why,
    )  # fmt: skip
    message = lazy_("The office sent your signature of %(reference)s back: %(why)s", reference=grant.reference, why=why)
    tell_grant_team(session, grant=grant, message=message, now=now)
    return agreement


def _adds_a_signature(session: Session, base: StoredFile, upload: Arrived | None, look: Look | None) -> None:
    """The copy that the recipient signed is no countersignature. Raises CopyRefused."""
    if upload is None:
        return
    known = {(each.issuer, each.serial) for each in signatures_of(session, [base]).get(base.id, [])}
    found = look.seen.signatures if look is not None and look.seen is not None else ()
    is_theirs = known and found and all((each.issuer, each.serial) in known for each in found)
    if upload.sha256 == base.sha256 or is_theirs:
        raise CopyRefused(NOT_BY_THE_OFFICE)


def _shown(grant: Grant, seen: str | None, now: datetime | None = None) -> Agreement:
    """The version that the recipient has signed, by the signature that was shown."""
    agreement = to_sign(grant, local_day(now) if now is not None else None)
    if agreement.signed_at is None:
        raise NotSigned
    signature = agreement.signature_of(Side.RECIPIENT)
    if seen is not None and seen != (str(signature.id) if signature else ""):
        raise OtherCopy
    return agreement


def _why(grant: Grant, agreement: Agreement, reason: str) -> str | None:
    """Why the office accepts the recipient's signature, where something is in doubt. Raises Invalid of `reason`."""
    signature = agreement.signature_of(Side.RECIPIENT)
    doubts = signature.doubted if signature else ()
    if wants_reason(grant.application.design.agreement.doubts, doubts):
        return written(reason, most=LONGEST_REASON, field="reason", empty=WHY)
    return clean_text(reason)[:LONGEST_REASON] or None


def _countersigned(
    session: Session, grant: Grant, file: StoredFile | None, judgement: Judgement, why: str | None, actor: Actor,
    now: datetime,
) -> Grant:  # fmt: skip
    agreement = grant.agreements[-1]
    stand_apart(actor=actor, organisation_id=grant.organisation_id, not_again=agreement.signed_by)
    agreement.countersigned_file_id = file.id if file is not None else None
    agreement.countersigned_by, agreement.countersigned_at = actor.person_id, now
    note_signature(session, agreement, Side.OFFICE, file, judgement, actor, now, why)
    after = {"version": agreement.version, "way": judgement.way, "doubts": list(judgement.doubts)}
    record(session, at=now, actor=actor, event=Action.AGREEMENT_COUNTERSIGN, subject=grant, after=after, reason=why)
    if grant.status is GrantStatus.READY:
        return _activate(session, grant, actor=actor, now=now)
    message = lazy_("The addendum to the agreement of %(reference)s is in force.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now)
    return grant


def _activate(session: Session, grant: Grant, *, actor: Actor, now: datetime) -> Grant:
    before = grant.status
    grant.make(ACTIVATE, at=now)
    grant.starts_on = local_day(now)
    months = max((milestone.month for milestone in grant.call.design.milestones), default=0)
    grant.ends_on = months_after(grant.starts_on, months) if months else None
    record(
        session, at=now, actor=actor, event="grant.activated", subject=grant, before={"status": before},
        after={"status": grant.status, "starts_on": grant.starts_on, "ends_on": grant.ends_on},
    )  # fmt: skip
    announce(session, GrantActivated(grant_id=grant.id, at=now))
    message = lazy_("The agreement of %(reference)s is in force: your project begins.", reference=grant.reference)
    tell_grant_team(session, grant=grant, message=message, now=now, template="grants/activated")
    return grant
