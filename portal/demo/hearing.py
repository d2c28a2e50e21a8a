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
from portal.payments.models import PaymentLine

OF_OTHERS = "MAND-2026-0412"


@dataclass(frozen=True)
class Sent:
    """A file as a form would bring it."""

    filename: str
    stream: IO[bytes]


def hear(stage: Stage, lines: Sequence[PaymentLine], *, authority_id: UUID, on: date, now: datetime) -> None:
    """These payments were paid on this day; the mandate of another office waits for a word."""
    rows = [f"{each.end_to_end_id};{format_cents(each.amount_cents)};{on};pagato" for each in lines]
    rows = ["end_to_end_id;importo_eur;data_pagamento;esito", *rows, f"{OF_OTHERS};1.240,00;{on};pagato"]
    content, actor = "\r\n".join(rows).encode(), stage.actor("finance-maker")
    rules = bank_file_rules(stage.session, authority_id=authority_id, actor=actor)
    arrived = look_at(Sent(f"mandati-pagati-{on}.csv", io.BytesIO(content)), rules)
    take_bank_file(
        stage.session, authority_id=authority_id, upload=arrived, reading=read_bank_file(content), actor=actor, now=now
    )
