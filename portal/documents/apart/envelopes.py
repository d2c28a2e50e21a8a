"""The signatures of a .p7m (CAdES): every signer of every envelope, from outside in."""

import hashlib
from dataclasses import replace

from asn1crypto import cms

from portal.documents.apart.cms import UNREADABLE, digest_name, facts_of_signer
from portal.documents.apart.pdf_signatures import pdf_signatures
from portal.documents.apart.seen import SignatureSeen
from portal.documents.content.pdf import is_signed_pdf
from portal.documents.content.refused import ContentRefused
from portal.documents.content.signed import MOST_ENVELOPES, binary, signed_content
from portal.documents.rules import SignatureKind, Soundness


def envelope_signatures(content: bytes) -> list[SignatureSeen]:
    """One line for each signature; one that says "unreadable" for an envelope that could not be opened."""
    found: list[SignatureSeen] = []
    for layer in range(1, MOST_ENVELOPES + 1):
        try:
            inner = signed_content(content)
            found += _signers(binary(content), inner, layer)
        except (ContentRefused, *UNREADABLE):
            if layer == 1:
                found.append(SignatureSeen(SignatureKind.CADES, Soundness.UNREADABLE))
            return found
        if not inner.startswith(b"\x30"):
            return found + _of_the_document(inner, layer + 1)
        content = inner
    return found


def _of_the_document(inner: bytes, layer: int) -> list[SignatureSeen]:
    if not (inner.startswith(b"%PDF-") and is_signed_pdf(inner)):
        return []
    return [replace(each, layer=layer) for each in pdf_signatures(inner)]


def _signers(der: bytes, inner: bytes, layer: int) -> list[SignatureSeen]:
    signed = cms.ContentInfo.load(der)["content"]
    content_type = signed["encap_content_info"]["content_type"].native
    return [_seen(signed, signer, inner, content_type, layer) for signer in signed["signer_infos"]]


def _seen(signed: cms.SignedData, signer: cms.SignerInfo, inner: bytes, content_type: str, layer: int) -> SignatureSeen:
    try:
        digest = hashlib.new(digest_name(signer), inner).digest()
        return SignatureSeen(SignatureKind.CADES, layer=layer, **facts_of_signer(signed, signer, digest, content_type))
    except UNREADABLE:
        return SignatureSeen(SignatureKind.CADES, Soundness.UNREADABLE, layer=layer)
