"""Identifiers as people type them: checked by their own check digits, in one written form."""

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale, iva

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line

LONGEST_RUNTS = 7


def valid_fiscal_code(text: str) -> str:
    """A codice fiscale of 11 digits or 16 characters, in capitals, without blanks. Raises Invalid."""
    compact = clean_line(text).replace(" ", "").upper()
    if not compact:
        raise Invalid(lazy_("Write the codice fiscale of the organisation: 11 digits or 16 characters."), "fiscal_code")
    try:
        if not compact.isascii():
            raise ValidationError
        return str(codicefiscale.validate(compact))
    except ValidationError:
        raise Invalid(
            lazy_(
                "This codice fiscale is not valid: it has 11 digits or 16 characters, and its last one checks the"
                " others. Copy it again from the certificate of the Agenzia delle Entrate."
            ),
            "fiscal_code",
        ) from None


def valid_vat_number(text: str) -> str:
    """A partita IVA of 11 digits, without blanks and without the IT that may precede it. Raises Invalid."""
    compact = clean_line(text).replace(" ", "").upper()
    try:
        if not compact.isascii():
            raise ValidationError
        return str(iva.validate(compact))
    except (ValidationError, ValueError):
        raise Invalid(
            lazy_(
                "This partita IVA is not valid: it has 11 digits, and its last one checks the others. Copy it again"
                " from the certificate of the Agenzia delle Entrate."
            ),
            "vat_number",
        ) from None


def valid_runts_number(text: str) -> int:
    """The number of an organisation in the register of the third sector: one to seven digits. Raises Invalid."""
    compact = clean_line(text).replace(" ", "").replace(".", "")
    if not (compact.isascii() and compact.isdigit() and len(compact) <= LONGEST_RUNTS and int(compact) > 0):
        raise Invalid(
            lazy_("The number in the RUNTS register has one to seven digits. Copy it from the register."),
            "runts_number",
        )
    return int(compact)


def valid_iban(text: str) -> str:
    """An IBAN without blanks, its check digits and its national check character right. Raises Invalid."""
    compact = clean_line(text).replace(" ", "").upper()
    try:
        if not compact.isascii():
            raise ValueError
        return str(IBAN(compact, validate_bban=True))
    except (SchwiftyException, ValueError):
        raise Invalid(
            lazy_(
                "This IBAN is not valid: an Italian one has 27 characters and begins with IT. Copy it again from"
                " the bank's statement."
            ),
            "iban",
        ) from None
