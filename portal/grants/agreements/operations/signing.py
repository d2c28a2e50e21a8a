"""The recipient signs: by a copy signed by hand or digitally, or by accepting on the portal with a second factor."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from portal.access.policy import Action, authorise
from portal.calls.rules.design import SignatureWay
from portal.core.actor import Actor
from portal.core.audit import record
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.documents.models import StoredFile
from portal.documents.operations import Arrived, store_upload
from portal.grants.agreements.judging import NOT_TAKEN, Judgement, judged
from portal.grants.agreements.looking import AskedCopy, Look, seen_of
from portal.grants.agreements.queries import codes_of_representative
from portal.grants.agreements.rules import Side
from portal.grants.agreements.waiting import SIGNED_COPY, note_signature, to_sign
from portal.grants.models import Agreement, Grant
from portal.grants.operations.news import tell_office
from portal.grants.queries import grant_to_change, grant_to_read
from portal.grants.rules import local_day


class OtherVersion(Conflict):
    """Another version was prepared after the page was shown."""

    default = lazy_("The office prepared another version in the meantime. Reload the page and read that one.")


class NotThisWay(Conflict):
    """The call does not take this way of signing."""

    default = NOT_TAKEN


def signed_copy_asked(session: Session, *, grant_id: UUID, actor: Actor) -> AskedCopy:
    """What is asked of the signed copy, to whoever may send it."""
    grant = grant_to_read(session, actor, grant_id)
    authorise(actor, Action.AGREEMENT_SIGN, grant)
    return AskedCopy(SIGNED_COPY, to_sign(grant).file)


def sign_agreement(
    session: Session,
    *,
    grant_id: UUID,
    upload: Arrived | None,
    actor: Actor,
    now: datetime,
    look: Look | None = None,
    seen_sha256: str | None = None,
) -> Agreement:
    """Take the copy signed by the legal representative (PDF or p7m); until countersigned it may be sent again.

    `seen_sha256` is the document that the page showed: a scan tells no version. Raises OtherVersion; CopyRefused where
    it is not a copy of this agreement, or the call does not let its doubts pass.
    """
    grant = grant_to_change(session, actor, Action.AGREEMENT_SIGN, grant_id)
    agreement = to_sign(grant, local_day(now))
    if seen_sha256 is not None and seen_sha256 != agreement.file.sha256:
        raise OtherVersion
    judgement = judged(
        seen_of(look, agreement.file, upload), rules=grant.application.design.agreement, side=Side.RECIPIENT,
        codes=codes_of_representative(session, grant), at=now,
    ) if upload is not None else Judgement(SignatureWay.PAPER)  # fmt: skip
    file = store_upload(session, upload=upload, rules=SIGNED_COPY, actor=actor, now=now)
    return _signed(session, grant, agreement, file, judgement, actor, now)


def accept_agreement(session: Session, *, grant_id: UUID, seen_sha256: str, actor: Actor, now: datetime) -> Agreement:
    """Sign on the portal, with a second factor given just now: the document is that whose hash was shown.

    Raises OtherVersion or NotThisWay.
    """
    grant = grant_to_change(session, actor, Action.AGREEMENT_ACCEPT, grant_id)
    agreement = to_sign(grant, local_day(now))
    if SignatureWay.PORTAL not in grant.application.design.agreement.signed_by:
        raise NotThisWay
    if seen_sha256 != agreement.file.sha256:
        raise OtherVersion
    return _signed(session, grant, agreement, None, Judgement(SignatureWay.PORTAL), actor, now)


def _signed(
    session: Session, grant: Grant, agreement: Agreement, file: StoredFile | None, judgement: Judgement, actor: Actor,
    now: datetime,
) -> Agreement:  # fmt: skip
    agreement.signed_file_id = file.id if file is not None else None
    agreement.signed_by, agreement.signed_at = actor.person_id, now
    note_signature(session, agreement, Side.RECIPIENT, file, judgement, actor, now)
    after = {"version": agreement.version, "way": judgement.way, "doubts": list(judgement.doubts),
             "document": agreement.file.sha256, "sha256": (file or agreement.file).sha256}  # fmt: skip
    event = Action.AGREEMENT_ACCEPT if judgement.way is SignatureWay.PORTAL else Action.AGREEMENT_SIGN
    record(session, at=now, actor=actor, event=event, subject=grant, after=after)
    message = lazy_("%(name)s has signed the agreement: countersign it.", name=grant.organisation.name)
    path = f"/grants/{grant.id}/agreement"
    tell_office(session, authority_id=grant.authority_id, message=message, path=path, now=now)
    return agreement
