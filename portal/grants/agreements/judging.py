"""Judging the signature of an agreement: what is refused, and what stays in doubt. Says why in plain words."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.calls.rules.design import AgreementDesign, OnDoubt, SignatureDoubts, SignatureWay
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.documents.apart import CopySeen, SignatureSeen
from portal.documents.rules import WEAK_DIGESTS, Coverage, Fit, Soundness
from portal.grants.agreements.rules import Doubt, Side

FIELD = "signed_copy"


class CopyRefused(Invalid):
    """The signed copy is not one of this agreement, or its signature does not hold."""

    def __init__(self, words: object) -> None:
        super().__init__(words, FIELD)


OTHER_DOCUMENT = lazy_(
    "What was signed is another document. Download the agreement from this page, sign that very file without printing"
    " or saving it anew, and send it again."
)
CHANGED = lazy_(
    "After the office prepared it the document was changed, not only signed. Download it again, sign that very file and"
    " send it."
)
BROKEN = lazy_("The signature does not fit the file: it is broken. Sign the agreement again and send the new file.")
UNREADABLE = lazy_("The signature cannot be read. Sign again as PAdES (PDF) or CAdES (p7m), with SHA-256.")
NOT_SIGNED = lazy_("No digital signature was found in the file. Sign it digitally, as PDF (PAdES) or p7m (CAdES).")
NOT_BY_THE_OFFICE = lazy_(
    "This is the copy of the recipient, with no signature added. Sign it too, and send the file with both signatures."
)
NOT_TAKEN = lazy_("This call does not take this way of signing. Choose one that the page offers.")
REFUSALS = {
    Doubt.UNKNOWN_SIGNER: lazy_(
        "It cannot be told whether the legal representative signed: no codice fiscale to compare is known. Write to the"
        " office."
    ),
    Doubt.OTHER_SIGNER: lazy_(
        "Somebody else than the legal representative signed: the codice fiscale of the signature is another one."
    ),
    Doubt.CERTIFICATE_DATES: lazy_("The certificate of the signature was not in force. Sign with one that is."),
    Doubt.TRUST: lazy_("It cannot be told who issued the certificate. Write to the office."),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """How somebody signed, and what stays in doubt."""

    way: SignatureWay
    doubts: tuple[Doubt, ...] = ()


def judged(
    seen: CopySeen | None, *, rules: AgreementDesign, side: Side, codes: Collection[str], at: datetime
) -> Judgement:
    """What is thought of a copy; `seen` is None where it bears no digital signature at all.

    `codes`: the codici fiscali of who may sign, as far as they are known. Raises CopyRefused.
    """
    ways = rules.signed_by if side is Side.RECIPIENT else rules.countersigned_by
    if seen is None or not seen.signatures:
        if SignatureWay.PAPER not in ways:
            raise CopyRefused(NOT_SIGNED)
        return Judgement(SignatureWay.PAPER)
    if SignatureWay.DIGITAL not in ways:
        raise CopyRefused(NOT_TAKEN)
    _must_be_sound(seen)
    found = tuple(_doubts(seen.signatures, codes, at))
    for doubt in found:
        if on_doubt(rules.doubts, doubt) is OnDoubt.REFUSED:
            raise CopyRefused(REFUSALS[doubt])
    return Judgement(SignatureWay.DIGITAL, found)


def on_doubt(rules: SignatureDoubts, doubt: Doubt) -> OnDoubt:
    """What a call makes of a doubt."""
    found = {
        Doubt.UNKNOWN_SIGNER: rules.unknown_signer,
        Doubt.OTHER_SIGNER: rules.other_signer,
        Doubt.CERTIFICATE_DATES: rules.certificate_dates,
        Doubt.TRUST: rules.trust,
    }
    return found[doubt]


def wants_reason(rules: SignatureDoubts, doubts: Sequence[Doubt]) -> bool:
    """Whether the office writes why it accepts a copy in spite of these doubts."""
    return any(on_doubt(rules, doubt) is OnDoubt.REASON for doubt in doubts)


def _must_be_sound(seen: CopySeen) -> None:
    states = {each.soundness for each in seen.signatures}
    if Soundness.ALTERED in states:
        raise CopyRefused(BROKEN)
    if Soundness.UNREADABLE in states or any(each.digest in WEAK_DIGESTS for each in seen.signatures):
        raise CopyRefused(UNREADABLE)
    if seen.fit is Fit.OTHER:
        raise CopyRefused(OTHER_DOCUMENT)
    if seen.fit is Fit.CHANGED or any(each.coverage is Coverage.PARTIAL for each in seen.signatures):
        raise CopyRefused(CHANGED)


def _doubts(signatures: Sequence[SignatureSeen], codes: Collection[str], at: datetime) -> list[Doubt]:
    found = []
    signers = {each.signer_code for each in signatures}
    if not signers & set(codes):
        found.append(Doubt.OTHER_SIGNER if codes and "" not in signers else Doubt.UNKNOWN_SIGNER)
    if not all(_was_in_force(each, at) for each in signatures):
        found.append(Doubt.CERTIFICATE_DATES)
    return [*found, Doubt.TRUST]


def _was_in_force(signature: SignatureSeen, at: datetime) -> bool:
    """When it was stamped, else when it arrived: what the signer's own clock says proves nothing."""
    if signature.valid_from is None or signature.valid_until is None:
        return False
    return signature.valid_from <= (signature.stamped_at or at) <= signature.valid_until
