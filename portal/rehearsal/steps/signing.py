"""Both sides sign the agreement in the first way that the call takes; a digital signature is only played."""

from datetime import datetime, timedelta
from typing import Any

from portal.calls.rules.design import SignatureWay
from portal.core.actor import Actor
from portal.documents.apart import CopySeen, SignatureSeen
from portal.documents.models import StoredFile
from portal.documents.operations import Arrived
from portal.documents.rules import Fit, SignatureKind, Soundness
from portal.grants.agreements.looking import Look
from portal.grants.agreements.operations import (
    accept_agreement,
    countersign_agreement,
    countersign_copy,
    sign_agreement,
)
from portal.grants.models import Grant
from portal.rehearsal.play import Play

WHY = "Prova generale."


def sign_by_both(play: Play, grant: Grant, *, officer: Actor, signed: datetime, countersigned: datetime) -> None:
    """The recipient, then the office."""
    rules, agreement = play.design.agreement, grant.agreements[-1]
    owner = play.owner_of(grant.organisation_id, signed)
    if SignatureWay.PORTAL in rules.signed_by:
        accept_agreement(
            play.session, grant_id=grant.id, seen_sha256=agreement.file.sha256, actor=owner, now=signed
        )  # fmt: skip
    else:
        copy = play.paper("Convenzione firmata", grant.reference)
        look = None if SignatureWay.PAPER in rules.signed_by else _as_if_signed(agreement.file, copy, signed)
        sign_agreement(play.session, grant_id=grant.id, upload=copy, look=look, actor=owner, now=signed)
    office: dict[str, Any] = {"grant_id": grant.id, "actor": officer, "now": countersigned, "reason": WHY}
    if SignatureWay.PORTAL in rules.countersigned_by:
        countersign_agreement(play.session, **office)
        return
    copy = play.paper("Convenzione controfirmata", grant.reference)
    look = _as_if_signed(agreement.signed_file or agreement.file, copy, countersigned)
    countersign_copy(play.session, upload=copy, look=look, **office)


def _as_if_signed(original: StoredFile, copy: Arrived, at: datetime) -> Look:
    """What would be seen of a copy signed digitally: nobody of a rehearsal has a certificate."""
    year = timedelta(days=365)
    seen = SignatureSeen(
        SignatureKind.PADES, Soundness.INTACT, digest="sha256", valid_from=at - year, valid_until=at + year
    )
    return Look(original.sha256, copy.sha256, CopySeen(Fit.SIGNED, (seen,)))
