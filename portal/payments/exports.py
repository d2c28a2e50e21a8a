"""Payment files: SEPA pain.001.001.09 validated against its XSD, and the same payments as CSV. Pure."""

import importlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import sepaxml
from text_unidecode import unidecode

from portal.access.rules.authorities import PaymentExporter
from portal.core.money import format_cents
from portal.core.spreadsheets import csv_bytes

ROME = ZoneInfo("Europe/Rome")
SCHEMA = "pain.001.001.09"
LONGEST_NAME = 70
LONGEST_DESCRIPTION = 140
NOT_SEPA = re.compile(r"[^a-zA-Z0-9/?:().,'+ -]")
CSV_HEAD = ("end_to_end_id", "beneficiario", "codice_fiscale", "iban", "importo_eur", "cup", "atto", "causale")


class Unwritable(Exception):
    """The file would not be valid for the bank."""


def sepa_text(text: str, longest: int) -> str:
    """Text in the characters every SEPA bank takes (è → e, & → blank), blanks folded, no longer than asked."""
    return " ".join(NOT_SEPA.sub(" ", unidecode(text)).split())[:longest].strip()


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays."""

    name: str
    iban: str
    bic: str | None


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment: amount in cents, CUP and act for the description."""

    end_to_end_id: str
    holder: str
    fiscal_code: str
    iban: str
    amount_cents: int
    cup: str
    act: str
    reference: str

    @property
    def name(self) -> str:
        """The holder as the bank writes it."""
        return sepa_text(self.holder, LONGEST_NAME)

    @property
    def description(self) -> str:
        """What the recipient reads on the statement; the CUP comes first, so that it is never cut."""
        return sepa_text(f"/CUP/{self.cup} {self.reference} {self.act}", LONGEST_DESCRIPTION)


class _Transfer(sepaxml.SepaTransfer):  # type: ignore[misc]
    """sepaxml draws its own message id and reads its own clock: both are ours, so that the file can be traced."""

    def __init__(self, config: dict[str, object], message_id: str, created_at: datetime) -> None:
        self._message_id = message_id
        self._created_at = created_at
        super().__init__(config, schema=SCHEMA, clean=True)

    def _create_header(self) -> None:
        self.msg_id = self._message_id
        super()._create_header()
        created = self._created_at.astimezone(ROME).replace(microsecond=0)
        self._xml.find(".//CreDtTm").text = created.isoformat()

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        for number, node in enumerate(self._xml.iter("PmtInfId"), start=1):
            node.text = f"{self._message_id}-{number}"
        for node in self._xml.iterfind(".//DbtrAgt/FinInstnId"):
            if not len(node):
                other = ET.SubElement(node, "Othr")
                ET.SubElement(other, "Id").text = "NOTPROVIDED"


def sepa_file(
    debtor: Debtor, payments: Sequence[Payment], *, message_id: str, execution_on: date, created_at: datetime
) -> bytes:
    """The SEPA credit transfer, transliterated; raises Unwritable when the XSD would refuse it."""
    config: dict[str, object] = {
        "name": sepa_text(debtor.name, LONGEST_NAME), "IBAN": debtor.iban, "batch": True, "currency": "EUR",
    }  # fmt: skip
    if debtor.bic:
        config["BIC"] = debtor.bic
    transfer = _Transfer(config, message_id, created_at)
    for payment in payments:
        transfer.add_payment(
            {
                "name": payment.name,
                "IBAN": payment.iban,
                "amount": payment.amount_cents,
                "execution_date": execution_on,
                "description": payment.description,
                "endtoend_id": payment.end_to_end_id,
            }
        )
    written: bytes = transfer.export(validate=False, pretty_print=True)
    if not _schema().is_valid(written.decode()):
        raise Unwritable
    return written


@cache
def _schema() -> Any:
    """The XSD, read once and at need: sepaxml reads it again for every file, for longer than the file takes."""
    path = Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd"
    return importlib.import_module("xmlschema").XMLSchema(str(path))


WRITERS = {PaymentExporter.SEPA: sepa_file}
"""How the file for the bank is written, as the authority that pays has chosen."""


def payments_csv(payments: Sequence[Payment]) -> bytes:
    """The same payments for the accounting office."""
    rows = [
        (
            payment.end_to_end_id,
            payment.holder,
            payment.fiscal_code,
            payment.iban,
            format_cents(payment.amount_cents, "it"),
            payment.cup,
            payment.act,
            payment.description,
        )
        for payment in payments
    ]
    return csv_bytes(CSV_HEAD, rows)
