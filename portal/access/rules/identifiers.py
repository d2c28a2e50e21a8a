"""Identifiers as people type them: checked by their own check digits, in one written form."""

from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from stdnum.exceptions import ValidationError
from stdnum.it import codicefiscale

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line


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
