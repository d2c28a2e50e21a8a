"""Who signed, by the certificate inside the signature: name, fiscal code, who issued it, from when to when."""

import re
from typing import Any

from asn1crypto import x509

FISCAL_CODE = re.compile(r"(?:TINIT-|IT:|VATIT-|CF:)?([A-Z0-9]{16}|[0-9]{11})", re.IGNORECASE)
"""In the serialNumber of the subject (ETSI EN 319 412-1: TINIT-…; earlier Italian cards: IT:…)."""


def facts_of(certificate: x509.Certificate) -> dict[str, Any]:
    """The fields of `SignatureSeen` that a certificate fills."""
    subject, issuer = certificate.subject.native, certificate.issuer.native
    term = certificate["tbs_certificate"]["validity"]
    return {
        "signer_name": _name(subject),
        "signer_code": _code(subject),
        "issuer": _first(issuer, "organization_name", "common_name"),
        "serial": f"{certificate.serial_number:x}",
        "valid_from": term["not_before"].native,
        "valid_until": term["not_after"].native,
    }


def _name(subject: dict[str, Any]) -> str:
    parts = [_first(subject, "given_name"), _first(subject, "surname")]
    return " ".join(parts) if all(parts) else _first(subject, "common_name", "organization_name", "pseudonym")


def _code(subject: dict[str, Any]) -> str:
    written = _first(subject, "serial_number", "organization_identifier")
    found = FISCAL_CODE.fullmatch(written.strip())
    return found[1].upper() if found else written


def _first(names: dict[str, Any], *wanted: str) -> str:
    found: Any = next((names[each] for each in wanted if names.get(each)), "")
    return str(found[0] if isinstance(found, list) else found)
