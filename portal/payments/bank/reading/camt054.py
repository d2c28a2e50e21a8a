"""camt.054, the bank's notification of what was booked on the account (versions 02 to 13)."""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from portal.payments.bank.reading.nodes import cents_of, children, day_of, found, iban_at, reference_at, text_at
from portal.payments.bank.reasons import known_code
from portal.payments.bank.rules import BankFileKind, Said
from portal.payments.bank.told import BankReading, Told

OUT, IN, BOOKED = "DBIT", "CRDT", "BOOK"
RETURNS = frozenset({"RRTN", "RPCR", "RRCT"})
"""Families of movements that bring a payment back (BkTxCd)."""


def read_notification(notice: Element) -> BankReading:
    """Every movement: money that left is a payment, money that a return brought back undoes one."""
    made = day_of(text_at(notice, "GrpHdr", "CreDtTm"))
    told = tuple(
        each for account in children(notice, "Ntfctn") for entry in children(account, "Ntry")
        for each in _entry(entry, made)
    )  # fmt: skip
    return BankReading(BankFileKind.BOOKED, text_at(notice, "GrpHdr", "MsgId")[:35], told)


def _entry(entry: Element, made: date | None) -> Iterator[Told]:
    day = day_of(text_at(entry, "BookgDt", "Dt") or text_at(entry, "BookgDt", "DtTm")) or made
    for details in children(entry, "NtryDtls"):
        payments = list(children(details, "TxDtls"))
        if not payments:
            yield _movement(entry, details, entry, day)
        for payment in payments:
            yield _movement(entry, details, payment, day, alone=len(payments) == 1)
    if found(entry, "NtryDtls") is None:
        yield _movement(entry, entry, entry, day)


def _movement(entry: Element, details: Element, payment: Element, day: date | None, *, alone: bool = True) -> Told:
    refs = found(payment, "Refs")
    batch = reference_at(refs, "PmtInfId") or reference_at(refs, "MsgId")
    batch = batch or reference_at(details, "Btch", "PmtInfId") or reference_at(details, "Btch", "MsgId")
    amount, is_euro = _amount(entry, payment, alone)
    why = found(payment, "RtrInf")
    info = " ".join((each.text or "").strip() for each in children(why, "AddtlInf")) if why is not None else ""
    status = text_at(entry, "Sts", "Cd") or text_at(entry, "Sts")
    return Told(
        _said(entry, payment, status), status[:4], reference_at(refs, "EndToEndId"), batch, amount, is_euro, day,
        known_code(text_at(why, "Rsn", "Cd") or text_at(why, "Rsn", "Prtry")), info[:300] or None,
        _paid(entry, payment),
    )  # fmt: skip


def _paid(entry: Element, payment: Element) -> str | None:
    """The account that the money went to; of money that came back the parties are turned round."""
    way = text_at(payment, "CdtDbtInd") or text_at(entry, "CdtDbtInd")
    return iban_at(payment, "RltdPties", "CdtrAcct") if way == OUT else None


def _amount(entry: Element, payment: Element, alone: bool) -> tuple[int | None, bool]:
    """Of the payment itself; the movement's own where it holds no other."""
    for path in (("Amt",), ("AmtDtls", "TxAmt", "Amt"), ("AmtDtls", "InstdAmt", "Amt")):
        if (at := found(payment, *path)) is not None:
            return cents_of(at)
    return cents_of(found(entry, "Amt")) if alone else (None, True)


def _said(entry: Element, payment: Element, status: str) -> Said:
    way = text_at(payment, "CdtDbtInd") or text_at(entry, "CdtDbtInd")
    turned = text_at(entry, "RvslInd") in ("true", "1")
    if way not in (OUT, IN):
        return Said.UNCLEAR
    if way == OUT:
        return Said.UNCLEAR if turned else Said.WAITING if status != BOOKED else Said.PAID
    returns = turned or found(payment, "RtrInf") is not None or _family(entry, payment) in RETURNS
    return Said.CREDITED if not returns else Said.WAITING if status != BOOKED else Said.RETURNED


def _family(entry: Element, payment: Element) -> str:
    path = ("BkTxCd", "Domn", "Fmly", "SubFmlyCd")
    return text_at(payment, *path) or text_at(entry, *path)
