"""Costs of a grant under way: a call with four kinds of cost, lines as people type them, invoices, spreadsheets."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from portal.calls.models import Call
from portal.grants.models import Grant, PlanVersion
from portal.milestones.costs import operations
from portal.milestones.costs.models import CostLine, CostReport
from tests.factories.grants import CUP, World

SUPPLIER = "01199250158"
COSTS: dict[str, Any] = {
    "categories": [
        {"key": "staff", "name": {"it": "Personale", "en": "Staff"}, "kind": "staff", "eligible": True, "most": None,
         "note": None, "option": None},
        {"key": "services", "name": {"it": "Servizi", "en": "Services"}, "kind": "services", "eligible": True,
         "most": None, "note": None, "option": None},
        {"key": "food", "name": {"it": "Alimenti", "en": "Food"}, "kind": "food", "eligible": False, "most": None,
         "note": None, "option": None},
        {"key": "hours", "name": {"it": "Ore di laboratorio", "en": "Workshop hours"}, "kind": "collaborators",
         "eligible": True, "most": None, "note": None, "option": "hour"},
        {"key": "opening", "name": {"it": "Apertura", "en": "Opening"}, "kind": "other", "eligible": True,
         "most": None, "note": None, "option": "result"},
        {"key": "indirect", "name": {"it": "Costi indiretti", "en": "Indirect costs"}, "kind": "indirect",
         "eligible": True, "most": None, "note": None, "option": "seven"},
    ],
    "options": [
        {"key": "hour", "name": {"it": "Ora", "en": "Hour"}, "form": "unit_cost", "flat_rate": None, "rate": None,
         "amount": "25", "unit": {"it": "ora", "en": "hour"}, "method": None},
        {"key": "result", "name": {"it": "Apertura", "en": "Opening"}, "form": "lump_sum", "flat_rate": None,
         "rate": None, "amount": "1000", "unit": {"it": "apertura", "en": "opening"}, "method": None},
        {"key": "seven", "name": {"it": "Indiretti", "en": "Indirect"}, "form": "flat_rate",
         "flat_rate": "indirect_of_direct", "rate": "7", "amount": None, "unit": None, "method": None},
    ],
    "period": "2021-2027", "is_operation": False, "operation_total": None, "eligible_from": None,
    "eligible_until": None, "linked_axis4_operation": None,
}  # fmt: skip
AGREED = {"staff": 500_000, "services": 1_000_000, "hours": 300_000, "opening": 100_000, "indirect": 150_000}
TYPED: dict[str, Any] = {
    "category": "services", "description": "Locandine", "document": "invoice", "supplier_name": "Tipografia Sala",
    "supplier_code": SUPPLIER, "document_number": "FT 001/2026", "document_on": date(2026, 3, 10), "net": "1.000,00",
    "vat": "220,00", "share": "100", "cup": CUP, "paid_on": date(2026, 3, 20), "payment_means": "transfer",
    "payment_reference": "CRO 123",
}  # fmt: skip


def with_costs(session: Session, call: Call, grant: Grant, *, reporting: Mapping[str, Any] | None = None) -> None:
    """The call bears these costs, and the plan of the grant agrees a budget for them."""
    call.definition = call.definition | {"costs": COSTS, "reporting": dict(reporting or {})}
    flag_modified(call, "definition")
    call.__dict__.pop("design", None)  # it is read once
    budget = [
        {"key": each["key"], "name": each["name"], "cents": AGREED[each["key"]]}
        for each in COSTS["categories"] if each["key"] in AGREED
    ]  # fmt: skip
    version = session.query(PlanVersion).filter_by(grant_id=grant.id).order_by(PlanVersion.number.desc()).first()
    assert version is not None
    session.add(
        PlanVersion(
            grant_id=grant.id, number=version.number + 1, in_force_from=version.in_force_from,
            content=version.content | {"budget": budget}, change={}, made_by=None,
        )
    )  # fmt: skip
    session.flush()


def start(world: World, grant: Grant, **given: Any) -> CostReport:
    """A report that its recipient writes."""
    owner = world.leader if grant.organisation_id == world.group.id else world.owner
    days = {"from_on": date(2026, 3, 2), "until_on": world.now.date()} | given
    return operations.start_report(world.session, grant_id=grant.id, actor=world.actor(owner), now=world.now, **days)


def write(world: World, report: CostReport, **given: Any) -> CostLine:
    """A line, as its recipient types it."""
    owner = world.leader if report.grant.organisation_id == world.group.id else world.owner
    uploads = given.pop("uploads", ())
    line_id = given.pop("line_id", None)
    return operations.write_line(
        world.session, report_id=report.id, typed=TYPED | given, actor=world.actor(owner), now=world.now,
        uploads=uploads, line_id=line_id,
    )  # fmt: skip


def send(world: World, report: CostReport, seen_cents: int | None = None) -> CostReport:
    """The recipient sends it."""
    owner = world.leader if report.grant.organisation_id == world.group.id else world.owner
    return operations.send_report(
        world.session, report_id=report.id, seen_cents=seen_cents, actor=world.actor(owner), now=world.now
    )


INVOICE = """<?xml version="1.0" encoding="UTF-8"?>
<p:FatturaElettronica versione="FPR12" xmlns:p="http://ivaservizi.agenziaentrate.gov.it/docs/xsd/fatture/v1.2">
<FatturaElettronicaHeader><CedentePrestatore><DatiAnagrafici><IdFiscaleIVA><IdPaese>IT</IdPaese>
<IdCodice>{code}</IdCodice></IdFiscaleIVA><Anagrafica><Denominazione>Tipografia Sala</Denominazione></Anagrafica>
</DatiAnagrafici></CedentePrestatore></FatturaElettronicaHeader>
<FatturaElettronicaBody><DatiGenerali><DatiGeneraliDocumento><TipoDocumento>{kind}</TipoDocumento><Divisa>EUR</Divisa>
<Data>2026-03-10</Data><Numero>{number}</Numero></DatiGeneraliDocumento>
<DatiOrdineAcquisto><IdDocumento>1</IdDocumento><CodiceCUP>{cup}</CodiceCUP></DatiOrdineAcquisto></DatiGenerali>
<DatiBeniServizi><DettaglioLinee><NumeroLinea>1</NumeroLinea><Descrizione>Locandine</Descrizione></DettaglioLinee>
<DatiRiepilogo><AliquotaIVA>22.00</AliquotaIVA><ImponibileImporto>1000.00</ImponibileImporto><Imposta>220.00</Imposta>
</DatiRiepilogo></DatiBeniServizi></FatturaElettronicaBody></p:FatturaElettronica>"""


def an_invoice(*, code: str = SUPPLIER, number: str = "FT 001/2026", cup: str = CUP, kind: str = "TD01") -> bytes:
    """An electronic invoice as its service sends it."""
    return INVOICE.format(code=code, number=number, cup=cup, kind=kind).encode()
