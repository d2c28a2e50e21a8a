"""The version of an agreement that waits for signatures, and a signature added to it."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.core.actor import Actor
from portal.core.errors import Conflict
from portal.core.i18n import lazy_
from portal.documents.models import StoredFile
from portal.documents.rules import FileRules
from portal.grants.agreements.judging import FIELD, Judgement
from portal.grants.agreements.rules import AFTERWARDS, BEFORE, Side
from portal.grants.checking.holding import require_checks
from portal.grants.models import Agreement, AgreementSignature, Grant
from portal.grants.rules import AGREEMENT_TYPES, LARGEST_FILE, require

SIGNED_COPY = FileRules(AGREEMENT_TYPES, LARGEST_FILE, field=FIELD)


class NotPrepared(Conflict):
    """There is nothing to sign yet."""

    default = lazy_("The office has not prepared the agreement yet.")


class CupChanged(Conflict):
    """Another CUP was recorded after the document was prepared."""

    default = lazy_("The CUP was changed after this document was prepared: the office prepares it again, then sign it.")


def to_sign(grant: Grant, day: date | None = None) -> Agreement:
    """The version that waits for signatures; on a `day`, only while the checks hold and it carries the CUP of now.

    Raises NotPrepared, ChecksExpired, CupChanged or IllegalMove.
    """
    agreement = grant.agreement
    is_addendum = agreement is not None and agreement.is_addendum
    require("sign_agreement", AFTERWARDS if is_addendum else BEFORE, grant.status)
    if agreement is None or agreement.is_in_force:
        raise NotPrepared
    if day is not None and not is_addendum:
        require_checks(grant, day)
        if not agreement.carries(grant.cup):
            raise CupChanged
    return agreement


def note_signature(
    session: Session, agreement: Agreement, side: Side, file: StoredFile | None, judgement: Judgement, actor: Actor,
    now: datetime, reason: str | None = None,
) -> AgreementSignature:  # fmt: skip
    """Add a signature to an agreement."""
    row = AgreementSignature(
        agreement_id=agreement.id, side=side, way=judgement.way, person_id=actor.person_id, given_at=now,
        sha256=agreement.file.sha256, file_id=file.id if file is not None else None,
        doubts=[each.value for each in judgement.doubts], reason=reason,
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.refresh(agreement, ["signatures", "signed_file", "countersigned_file"])
    return row
