"""Why a bank did not pay, in words, and whose mend it is (ISO 20022 external status and return reasons)."""

import re
from dataclasses import dataclass
from enum import StrEnum

from portal.core.i18n import lazy_


class Mend(StrEnum):
    """Who can put it right."""

    RECIPIENT = "recipient"
    FINANCE = "finance"
    BANK = "bank"


@dataclass(frozen=True, slots=True)
class Reason:
    """One code: what it means for whoever reads it, and whose mend it is."""

    words: object
    mend: Mend


_R, _F, _B = Mend.RECIPIENT, Mend.FINANCE, Mend.BANK
REASONS = {
    "AC01": Reason(lazy_("The account number is wrong."), _R),
    "AC02": Reason(lazy_("The account of the authority that pays is wrong."), _F),
    "AC03": Reason(lazy_("The account number is wrong."), _R),
    "AC04": Reason(lazy_("The account is closed."), _R),
    "AC06": Reason(lazy_("The account is blocked."), _R),
    "AC13": Reason(lazy_("The account is of a kind that cannot receive this payment."), _R),
    "AG01": Reason(lazy_("The account may not receive bank transfers."), _R),
    "AG02": Reason(lazy_("The bank does not know this kind of payment."), _F),
    "AM02": Reason(lazy_("The amount is higher than what the bank allows."), _F),
    "AM03": Reason(lazy_("The bank does not take this currency."), _F),
    "AM04": Reason(lazy_("There was not enough money on the account of the authority."), _F),
    "AM05": Reason(lazy_("The bank takes it for a payment that it has already made."), _F),
    "AM09": Reason(lazy_("The amount is not the one that was expected."), _F),
    "BE01": Reason(lazy_("The name of the holder is not that of the account."), _R),
    "BE04": Reason(lazy_("The address of the holder is missing."), _R),
    "BE05": Reason(lazy_("The bank does not know who sent the payment."), _F),
    "BE06": Reason(lazy_("The bank does not know the holder of the account."), _R),
    "CNOR": Reason(lazy_("The bank of the account cannot be reached this way."), _R),
    "CUST": Reason(lazy_("The authority asked to cancel the payment."), _F),
    "DT01": Reason(lazy_("The day of payment is not valid."), _F),
    "DUPL": Reason(lazy_("The bank takes it for a payment that it has already made."), _F),
    "ED05": Reason(lazy_("The banks could not settle the payment."), _B),
    "FF01": Reason(lazy_("The bank could not read the file."), _F),
    "FOCR": Reason(lazy_("The payment was called back by the bank that sent it."), _F),
    "MD07": Reason(lazy_("The holder of the account has died."), _R),
    "MS02": Reason(lazy_("The holder of the account refused it; the bank does not say why."), _R),
    "MS03": Reason(lazy_("The bank does not say why."), _B),
    "NARR": Reason(lazy_("The bank gives its reason in its own words."), _F),
    "RC01": Reason(lazy_("The code of the bank (BIC) is wrong."), _R),
    "RC07": Reason(lazy_("The code of the recipient's bank (BIC) is wrong."), _R),
    "RR01": Reason(lazy_("The law asks for the account of whoever sends the payment."), _F),
    "RR02": Reason(lazy_("The law asks for the name or address of whoever sends the payment."), _F),
    "RR03": Reason(lazy_("The law asks for the name or address of whoever receives the payment."), _R),
    "RR04": Reason(lazy_("The bank stopped it for a reason of the law."), _F),
    "TM01": Reason(lazy_("The file reached the bank too late."), _F),
}
MENDED_BY = {
    Mend.RECIPIENT: lazy_("The recipient checks the account, and writes another where it is wrong."),
    Mend.FINANCE: lazy_("Finance puts it right and sends the payment again: the recipient has nothing to do."),
    Mend.BANK: lazy_("Finance asks the bank and sends the payment again: the recipient has nothing to do."),
}
OF_THE_ACCOUNT = frozenset(code for code, reason in REASONS.items() if reason.mend is Mend.RECIPIENT)
CODE = re.compile(r"[A-Z]{2,4}[0-9]{0,2}")
LEADING = re.compile(r"([A-Z]{4}|[A-Z]{2}[0-9]{2})\b[\s:.–-]*")


def known_code(text: str | None) -> str | None:
    """The code as it is kept: four signs, or none."""
    code = (text or "").strip().upper()
    return code if len(code) == 4 and CODE.fullmatch(code) else None


def code_before(words: str) -> str | None:
    """The code with which somebody begins their words (AC04: the account is closed), if it is one that is known."""
    leading = LEADING.match(words)
    return leading[1] if leading and leading[1] in REASONS else None


def mend_of(code: str | None) -> Mend:
    """Whose mend a code is; finance reads what has no code, or one that is not known."""
    return REASONS[code].mend if code in REASONS else Mend.FINANCE


def in_words(code: str | None, said: str | None) -> str:
    """Why a payment failed, in the reader's language: the code's own words, then what the bank or a person wrote."""
    if code not in REASONS:
        return said or code or ""
    told = (said or "").removeprefix(code).lstrip(" :.–-")
    return f"{REASONS[code].words} ({code})" + (f" · {told}" if told else "")
