"""SEPA credit transfers: pain.001.001.09, transliterated, validated against its XSD. Pure."""

import importlib
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import sepaxml

from portal.payments.exporters.batch import Batch, OutFile, Payment, Unwritable
from portal.payments.exporters.text import LONGEST_NAME, sepa_text

ROME = ZoneInfo("Europe/Rome")
SCHEMA = "pain.001.001.09"


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


def sepa_file(batch: Batch) -> OutFile:
    """The SEPA credit transfer, transliterated; raises Unwritable when the XSD would refuse it."""
    debtor = batch.debtor
    config: dict[str, object] = {
        "name": sepa_text(debtor.name, LONGEST_NAME), "IBAN": debtor.iban or "", "batch": True, "currency": "EUR",
    }  # fmt: skip
    if debtor.bic:
        config["BIC"] = debtor.bic
    transfer = _Transfer(config, batch.message_id, batch.created_at)
    for payment in batch.payments:
        transfer.add_payment(_fields(payment, batch))
    written: bytes = transfer.export(validate=False, pretty_print=True)
    if not _schema().is_valid(written.decode()):
        raise Unwritable
    return OutFile("xml", "application/xml", written)


def _fields(payment: Payment, batch: Batch) -> dict[str, object]:
    return {
        "name": payment.name,
        "IBAN": payment.iban,
        "amount": payment.amount_cents,
        "execution_date": batch.execution_on,
        "description": payment.description,
        "endtoend_id": payment.end_to_end_id,
    }


@cache
def _schema() -> Any:
    """The XSD, read once and at need: sepaxml reads it again for every file, for longer than the file takes."""
    path = Path(sepaxml.__file__).parent / "schemas" / f"{SCHEMA}.xsd"
    return importlib.import_module("xmlschema").XMLSchema(str(path))
