"""pain.002, the bank's report on a file that we sent (versions 03 to 14): of the file, of a batch, of each payment."""

from collections.abc import Iterator
from datetime import date
from xml.etree.ElementTree import Element

from portal.payments.bank.reading.nodes import cents_of, children, day_of, found, iban_at, reference_at, text_at
from portal.payments.bank.reasons import known_code
from portal.payments.bank.rules import BankFileKind, Said
from portal.payments.bank.told import BankReading, Told

STATUS = {
    "ACSC": Said.PAID, "ACCC": Said.PAID, "RJCT": Said.REFUSED, "CANC": Said.REFUSED,
    "RCVD": Said.WAITING, "ACTC": Said.WAITING, "ACCP": Said.WAITING, "ACSP": Said.WAITING, "ACWC": Said.WAITING,
    "ACWP": Said.WAITING, "ACFC": Said.WAITING, "PDNG": Said.WAITING, "PATC": Said.WAITING,
}  # fmt: skip
"""Accepted and settled is paid; whatever is not settled yet waits. PART says nothing: the payments are listed."""
PARTLY = frozenset({"PART", ""})


def read_status_report(report: Element) -> BankReading:
    """Every status of the report. What is said of a file or a batch stands for the payments that it does not list."""
    message = text_at(report, "GrpHdr", "MsgId")
    made = day_of(text_at(report, "GrpHdr", "CreDtTm"))
    return BankReading(BankFileKind.STATUS, message[:35], tuple(_statuses(report, made)))


def _statuses(report: Element, made: date | None) -> Iterator[Told]:
    for group in children(report, "OrgnlGrpInfAndSts"):
        yield from _whole(group, "GrpSts", reference_at(group, "OrgnlMsgId"), made)
        yield from _listed(group, made)
    for batch in children(report, "OrgnlPmtInfAndSts"):
        yield from _whole(batch, "PmtInfSts", reference_at(batch, "OrgnlPmtInfId"), made)
        yield from _listed(batch, made)


def _whole(node: Element, status: str, reference: str, made: date | None) -> Iterator[Told]:
    code = text_at(node, status)
    if code not in PARTLY:
        total = text_at(node, "OrgnlCtrlSum")
        amount = cents_of(found(node, "OrgnlCtrlSum"))[0] if total else None
        yield _told(node, code, made, batch_id=reference, amount_cents=amount)


def _listed(node: Element, made: date | None) -> Iterator[Told]:
    for payment in children(node, "TxInfAndSts"):
        amount, is_euro = cents_of(found(payment, "OrgnlTxRef", "Amt", "InstdAmt"))
        day = text_at(payment, "FctvIntrBkSttlmDt", "Dt") or text_at(payment, "AccptncDtTm")
        yield _told(
            payment, text_at(payment, "TxSts"), day_of(day) or made, amount_cents=amount, is_euro=is_euro,
            end_to_end_id=reference_at(payment, "OrgnlEndToEndId"), batch_id="",
            iban=iban_at(payment, "OrgnlTxRef", "CdtrAcct"),
        )  # fmt: skip


def _told(
    node: Element, code: str, day: date | None, *, batch_id: str, end_to_end_id: str = "",
    amount_cents: int | None = None, is_euro: bool = True, iban: str | None = None,
) -> Told:  # fmt: skip
    why = found(node, "StsRsnInf")
    reason = text_at(why, "Rsn", "Cd") or text_at(why, "Rsn", "Prtry")
    info = " ".join((each.text or "").strip() for each in children(why, "AddtlInf")) if why is not None else ""
    known = known_code(reason)
    return Told(
        STATUS.get(code, Said.UNCLEAR), code[:4], end_to_end_id, batch_id, amount_cents, is_euro, day, known,
        (info or ("" if known else reason))[:300] or None, iban,
    )  # fmt: skip
