"""An electronic invoice as it comes from the interchange: XML inside a CAdES envelope, signed by a real key.

`stored/fattura.xml.p7m` was made once, its key thrown away:
`openssl cms -sign -binary -nodetach -cades -md sha256 -in fattura.xml -signer c.pem -inkey k.pem -outform DER`.
"""

import base64
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.core.errors import Invalid
from portal.milestones.costs import operations
from portal.milestones.costs.models import CostLine
from portal.milestones.costs.reading.invoice import costs_in_invoice
from tests.factories.costs import an_invoice, start, with_costs
from tests.factories.documents import make_p7m, make_upload
from tests.factories.grants import CUP, make_world
from tests.factories.payments import put_under_way
from tests.factories.signing import sign_envelope

SIGNED = (Path(__file__).parent / "stored" / "fattura.xml.p7m").read_bytes()
NAME = "IT01199250158_00007.xml.p7m"
CUT = SIGNED[:-40]
TAMPERED = SIGNED.replace(b"<ImponibileImporto>1000.00", b"<ImponibileImporto>9000.00")


@pytest.mark.parametrize("content", [SIGNED, base64.encodebytes(SIGNED), sign_envelope(SIGNED)],
                         ids=["as it comes", "in base64", "signed once more"])  # fmt: skip
def test_the_envelope_is_opened_and_the_invoice_read(content):
    (cost,) = costs_in_invoice(content, name=NAME)
    assert (cost.document_number, cost.document_on, cost.net_cents, cost.vat_cents, cost.cup) == (
        "FT 7/2026", date(2026, 3, 10), 100_000, 22_000, CUP,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (CUT, "it cannot be read"), (b"\x30\x82\xff\xff", "it cannot be read"), (make_p7m(None), "it cannot be read"),
        (sign_envelope(b"<html/>"), "it is no electronic invoice"),
        (TAMPERED, "it was changed after it was signed"),
        (make_p7m(an_invoice()), "it was changed after it was signed"),
    ],
    ids=["cut off", "no envelope", "a signature apart", "another file", "tampered with", "not signed"],
)  # fmt: skip
def test_a_broken_one_is_refused_in_words(content, words):
    with pytest.raises(Invalid) as refused:
        costs_in_invoice(content, name=NAME)
    assert NAME in str(refused.value.message)
    assert words in str(refused.value.message)


@pytest.mark.parametrize("session", ["sqlite"], indirect=True)
def test_it_becomes_a_line_with_the_signed_file_beside_it(session, now, clock):
    world = make_world(session, now=now)
    grant = put_under_way(world, world.application)
    with_costs(session, world.call, grant)
    world.now = clock.advance(days=60)
    report = start(world, grant)
    given: dict[str, Any] = {"report_id": report.id, "actor": world.actor(world.owner), "now": world.now}
    operations.read_invoices(session, uploads=[make_upload(SIGNED, name=NAME)], **given)
    line = session.query(CostLine).one()
    assert (line.document_number, line.gross_cents, line.files[0].file.name) == ("FT 7/2026", 122_000, NAME)
    with pytest.raises(Invalid):
        operations.read_invoices(session, uploads=[make_upload(TAMPERED, name=NAME)], **given)
