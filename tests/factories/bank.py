"""Files as banks write them, and what a test needs to take them in."""

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from portal.core.db import new_id
from portal.documents.arrived import Arrived
from portal.documents.storage import current_storage
from portal.payments.bank.models import BankFile
from portal.payments.bank.operations import take_bank_file
from portal.payments.bank.reading import read_bank_file
from portal.payments.models import PaymentLine
from tests.factories.payments import Finance

PAIN_002 = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
CAMT_054 = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"


@dataclass(frozen=True)
class Payment:
    """What the bank was asked to pay."""

    end_to_end_id: str
    message_id: str
    cents: int

    @property
    def euros(self) -> str:
        """As XML writes it."""
        return f"{self.cents // 100}.{self.cents % 100:02d}"


def asked(line: PaymentLine) -> Payment:
    """A payment as our file has it."""
    return Payment(line.end_to_end_id, line.order.message_id, line.amount_cents)


def status_report(
    *payments: tuple[Payment, str], reason: str = "", info: str = "", group: str = "", message: str = "BANK-1",
    made: str = "2026-03-02T12:00:00+01:00", namespace: str = PAIN_002, whole: str = "",
) -> bytes:  # fmt: skip
    """pain.002: a status for each payment, or for the whole file (`whole`: its message id)."""
    why = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn>{f'<AddtlInf>{info}</AddtlInf>' if info else ''}</StsRsnInf>"
    why = why if reason else ""
    first = whole or (payments[0][0].message_id if payments else "")
    listed = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{payment.end_to_end_id}</OrgnlEndToEndId><TxSts>{status}</TxSts>{why}"
        f"<OrgnlTxRef><Amt><InstdAmt Ccy='EUR'>{payment.euros}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>"
        for payment, status in payments
    )
    total = f"<GrpSts>{group}</GrpSts>{why}" if group else ""
    batch = f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{first}-1</OrgnlPmtInfId>{listed}</OrgnlPmtInfAndSts>" if listed else ""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='{namespace}'><CstmrPmtStsRpt>"
        f"<GrpHdr><MsgId>{message}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{first}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{total}"
        f"</OrgnlGrpInfAndSts>{batch}</CstmrPmtStsRpt></Document>"
    ).encode()


def entry(
    payment: Payment, *, way: str = "DBIT", on: str = "2026-03-02", status: str = "BOOK", returned: str = "",
    cents: int | None = None, currency: str = "EUR", iban: str = "",
) -> str:  # fmt: skip
    """One movement of a camt.054; `returned`: the code with which it came back; `iban`: the account that was paid."""
    euros = Payment("", "", payment.cents if cents is None else cents).euros
    why = f"<RtrInf><Rsn><Cd>{returned}</Cd></Rsn></RtrInf>" if returned else ""
    to = f"<RltdPties><CdtrAcct><Id><IBAN>{iban}</IBAN></Id></CdtrAcct></RltdPties>" if iban else ""
    return (
        f"<Ntry><Amt Ccy='{currency}'>{euros}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>"
        f"<BookgDt><Dt>{on}</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>{payment.end_to_end_id}</EndToEndId>"
        f"</Refs><Amt Ccy='{currency}'>{euros}</Amt>{to}{why}</TxDtls></NtryDtls></Ntry>"
    )


def notification(*entries: str, message: str = "NTF-1", namespace: str = CAMT_054) -> bytes:
    """camt.054 with these movements."""
    return (
        f"<?xml version='1.0' encoding='UTF-8'?><Document xmlns='{namespace}'><BkToCstmrDbtCdtNtfctn>"
        f"<GrpHdr><MsgId>{message}</MsgId><CreDtTm>2026-03-02T18:00:00+01:00</CreDtTm></GrpHdr>"
        f"<Ntfctn><Id>1</Id>{''.join(entries)}</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>"
    ).encode()


def mandates(
    *rows: tuple[str, str, date | str, str], head: str = "end_to_end_id;importo_eur;data_pagamento;esito"
) -> bytes:
    """CSV of paid mandates."""
    return "\r\n".join([head, *(";".join(map(str, row)) for row in rows), ""]).encode()


def arrived(content: bytes, name: str = "banca.xml") -> Arrived:
    """A file that was looked at, its bytes in the store."""
    key, sha256 = new_id().hex, hashlib.sha256(content).hexdigest()
    current_storage().put(key, content)
    return Arrived(name, len(content), sha256, key, len(content), sha256)


def take(finance: Finance, content: bytes, *, by: object = None, session: Session | None = None) -> BankFile:
    """The maker takes a file in."""
    person = by or finance.maker
    return take_bank_file(
        session or finance.session, authority_id=finance.grant.authority_id, upload=arrived(content),
        reading=read_bank_file(content), **finance.by(person),  # type: ignore[arg-type]
    )  # fmt: skip
