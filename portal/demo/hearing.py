"""What the treasurer sends back: a list of paid mandates, with one that is none of ours."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO
from uuid import UUID

from portal.core.money import format_cents
from portal.demo.stage import Stage
from portal.documents.arrived import look_at
from portal.payments.bank.operations import bank_file_rules, take_bank_file
from portal.payments.bank.reading import read_bank_file
from portal.payments.models import PaymentLine, PaymentOrder

OF_OTHERS = "MAND-2026-0412"
REFUSED = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>ESITI-{message}</MsgId><CreDtTm>{made}</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}-1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>{payment}</OrgnlEndToEndId>
<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>Conto estinto dal titolare</AddtlInf></StsRsnInf>
<OrgnlTxRef><Amt><InstdAmt Ccy="EUR">{euros}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts></OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>
"""


@dataclass(frozen=True)
class Sent:
    """A file as a form would bring it."""

    filename: str
    stream: IO[bytes]


def hear(stage: Stage, lines: Sequence[PaymentLine], *, authority_id: UUID, on: date, now: datetime) -> None:
    """These payments were paid on this day; the mandate of another office waits for a word."""
    rows = [f"{each.end_to_end_id};{format_cents(each.amount_cents)};{on};pagato" for each in lines]
    rows = ["end_to_end_id;importo_eur;data_pagamento;esito", *rows, f"{OF_OTHERS};1.240,00;{on};pagato"]
    content = "\r\n".join(rows).encode()
    _take_in(stage, content, f"mandati-pagati-{on}.csv", authority_id=authority_id, now=now)


def hear_a_refusal(stage: Stage, order: PaymentOrder, *, now: datetime) -> None:
    """The bank could not pay this file: the account of the first recipient is closed (pain.002)."""
    line = order.lines[0]
    content = REFUSED.format(
        made=now.isoformat(timespec="seconds"), message=order.message_id, payment=line.end_to_end_id,
        euros=f"{line.amount_cents // 100}.{line.amount_cents % 100:02d}",
    ).encode()  # fmt: skip
    _take_in(stage, content, f"esiti-{order.message_id.lower()}.xml", authority_id=order.authority_id, now=now)


def _take_in(stage: Stage, content: bytes, name: str, *, authority_id: UUID, now: datetime) -> None:
    actor = stage.actor("finance-maker")
    rules = bank_file_rules(stage.session, authority_id=authority_id, actor=actor)
    take_bank_file(
        stage.session, authority_id=authority_id, upload=look_at(Sent(name, io.BytesIO(content)), rules),
        reading=read_bank_file(content), actor=actor, now=now,
    )  # fmt: skip
