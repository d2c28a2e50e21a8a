"""One signer of a CMS structure (RFC 5652): does the signature fit the bytes, who signed, when."""

import hashlib
from datetime import datetime
from typing import Any

from asn1crypto import cms, x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.sign.general import CMSExtractionError
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import (
    extract_self_reported_ts,
    extract_tst_data_iter,
    validate_sig_integrity,
)

from portal.documents.apart.certificate import facts_of
from portal.documents.rules import Soundness

UNREADABLE = (
    SignatureValidationError, CMSExtractionError, UnsupportedAlgorithm, ValueError, TypeError, KeyError, OSError,
    NotImplementedError,
)  # fmt: skip
"""What the libraries raise on structures that are cut, foreign or of an algorithm they do not know."""


def facts_of_signer(signed: cms.SignedData, signer: cms.SignerInfo, digest: bytes, content_type: str) -> dict[str, Any]:
    """The fields of `SignatureSeen` that a signer fills; `digest` is that of the content, by `digest_name`."""
    certificate = certificate_of(signed, signer)
    if certificate is None:
        return {"soundness": Soundness.UNREADABLE, "digest": digest_name(signer)}
    facts = {"digest": digest_name(signer), "claimed_at": claimed_at(signer), **facts_of(certificate)}
    try:
        intact, valid = validate_sig_integrity(signer, certificate, content_type, digest)
    except UNREADABLE:
        return {**facts, "soundness": Soundness.UNREADABLE}
    sound = Soundness.INTACT if intact and valid else Soundness.ALTERED
    return {**facts, "soundness": sound, "stamped_at": stamped_at(signer)}


def digest_name(signer: cms.SignerInfo) -> str:
    """sha256, and the like."""
    return str(signer["digest_algorithm"]["algorithm"].native)


def certificate_of(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Certificate | None:
    """The certificate that the signer names, if it came along."""
    wanted = signer["sid"]
    for choice in signed["certificates"] or ():
        certificate = choice.chosen
        if not isinstance(certificate, x509.Certificate):
            continue
        if wanted.name == "issuer_and_serial_number":
            named = wanted.chosen
            if certificate.serial_number == named["serial_number"].native and certificate.issuer == named["issuer"]:
                return certificate
        elif certificate.key_identifier == wanted.chosen.native:
            return certificate
    return None


def claimed_at(signer: cms.SignerInfo) -> datetime | None:
    """What the signer's own clock said: a claim."""
    found = extract_self_reported_ts(signer)
    return found if found is not None and found.tzinfo is not None else None


def stamped_at(signer: cms.SignerInfo) -> datetime | None:
    """The instant of a time stamp over this signature, when the stamp itself is intact and is of this signature."""
    for token in extract_tst_data_iter(signer, signed=False):
        try:
            instant = _instant_of(token, signer["signature"].native)
        except UNREADABLE:
            continue
        if instant is not None:
            return instant
    return None


def _instant_of(token: cms.SignedData, signature: bytes) -> datetime | None:
    inside = token["encap_content_info"]["content"]
    imprint = inside.parsed["message_imprint"]
    if (
        hashlib.new(imprint["hash_algorithm"]["algorithm"].native, signature).digest()
        != imprint["hashed_message"].native
    ):
        return None
    signer = token["signer_infos"][0]
    digest = hashlib.new(digest_name(signer), bytes(inside)).digest()
    return inside.parsed["gen_time"].native if _is_intact_stamp(token, signer, digest) else None


def _is_intact_stamp(token: cms.SignedData, signer: cms.SignerInfo, digest: bytes) -> bool:
    certificate = certificate_of(token, signer)
    return certificate is not None and validate_sig_integrity(signer, certificate, "tst_info", digest) == (True, True)
