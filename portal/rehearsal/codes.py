"""Codes with right check digits that belong to nobody: what the portal checks is what they must pass. Pure.

Codes of entities carry the office number 888, which is given to no seat; invented people have a name without vowels and
are born abroad.
"""

from schwifty import IBAN
from stdnum import luhn
from stdnum.it import codicefiscale

OFFICE = "888"
BANK, BRANCH = "05428", "11101"
PERSON = "QXZQXZ{year:02d}{month}{day:02d}Z1{last:02d}"
MONTHS = "ABCDEHLMPRST"


def entity_code(number: int) -> str:
    """Eleven digits: a codice fiscale or partita IVA of an entity."""
    first = f"{1 + number % 9_999_999:07d}{OFFICE}"
    return first + luhn.calc_check_digit(first)


def person_code(number: int) -> str:
    """Sixteen characters: a codice fiscale of a person."""
    body = PERSON.format(
        year=number % 100, month=MONTHS[number // 100 % 12], day=1 + number // 1200 % 28, last=number // 33600 % 100
    )
    body = body[:12] + f"{100 + number % 900:03d}"
    return body + codicefiscale.calc_check_digit(body)


def iban_code(number: int) -> str:
    """An Italian IBAN whose check digits and check character are right."""
    return str(IBAN.generate("IT", bank_code=BANK, branch_code=BRANCH, account_code=f"9{number % 10**10:011d}"))


def cup_code(number: int) -> str:
    """A CUP: fifteen characters."""
    return f"J{number % 89 + 10}H{number + 18000050001:011d}"
