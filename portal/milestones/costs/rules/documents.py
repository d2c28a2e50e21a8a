"""Which document a real cost rests on: one fingerprint for however it was typed. Pure."""

import hashlib
import re
import unicodedata
from datetime import date

from portal.access.rules.identifiers import valid_fiscal_code, valid_vat_number
from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line

FOREIGN = re.compile(r"(?!IT)[A-Z]{2}[0-9A-Z+*.-]{2,26}")
"""A tax number from abroad: the country, then what its own office gave."""
_PARTS = re.compile(r"[0-9]+|[A-Z]+")
_MARKS = re.compile(r"[^0-9A-Z]")


def valid_supplier_code(text: str) -> str:
    """Codice fiscale, partita IVA, or a tax number from abroad that begins with its country. Raises Invalid."""
    compact = clean_line(text).replace(" ", "").upper()
    if FOREIGN.fullmatch(compact) and len(compact) != len("RSSMRA85T10A562S"):
        return compact
    try:
        digits = compact.removeprefix("IT")
        return valid_vat_number(digits) if digits.isdigit() else valid_fiscal_code(compact)
    except Invalid as refused:
        raise Invalid(
            lazy_(
                "This is no tax code: write the 11 digits of the partita IVA or the 16 characters of the codice"
                " fiscale; for a supplier abroad, the country first (DE129274202)."
            ),
            "supplier_code",
        ) from refused


def plain_number(number: str) -> str:
    """The number of a document without what people write differently: blanks, marks, capitals, leading zeros.

    Letters and figures stand apart whatever is between them: FT1/2026 is ft 001-2026.
    """
    folded = unicodedata.normalize("NFKD", clean_line(number)).upper()
    return "/".join(part.lstrip("0") or part[:1] for part in _PARTS.findall(folded))


def plain_code(supplier_code: str) -> str:
    """A tax code without blanks and marks: those from abroad are written with and without them."""
    return _MARKS.sub("", supplier_code.upper())


def fingerprint(supplier_code: str, number: str, day: date, gross_cents: int) -> str:
    """What makes a document the same one wherever it is charged (Reg. 2021/1060, art. 63(9))."""
    said = "|".join((plain_code(supplier_code), plain_number(number), day.isoformat(), str(gross_cents)))
    return hashlib.sha256(said.encode()).hexdigest()
