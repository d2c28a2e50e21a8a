"""An electronic invoice (FatturaPA, ordinary format), so that nothing of it is typed again: one cost for each body.

XML from strangers: no document type, no entity, nothing fetched, no more parts and depths than an invoice has
(`security.md`, bad input). A `.p7m` is opened first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError

from portal.core.errors import Invalid
from portal.core.i18n import lazy_
from portal.core.text import clean_line
from portal.documents.content import ContentRefused, innermost
from portal.grants.rules import CUP
from portal.milestones.costs.reading.envelope import bears_digest
from portal.milestones.costs.reading.tree import Overgrown, tree_of
from portal.milestones.costs.rules import DocumentKind, LineSource
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.documents import plain_code

LARGEST = 5 * 1024 * 1024
MOST_BODIES = 50
MOST_CENTS = 10**14
FIELD = "invoices"
CREDIT_NOTES = frozenset({"TD04", "TD08"})
TO_ONESELF = frozenset({"TD21", "TD27"})
"""Invoices that somebody writes to themselves: nobody was paid."""
_WRAPPED = b"\x30"


@dataclass(frozen=True, slots=True)
class Ours:
    """Whose invoices are read: the CUP of the grant, the tax codes of its recipient and partners (none: not known)."""

    cup: str | None = None
    codes: frozenset[str] = frozenset()


ANYBODY = Ours()


@dataclass(frozen=True, slots=True)
class _Party:
    name: str
    code: str


def costs_in_invoice(content: bytes, *, name: str, ours: Ours = ANYBODY) -> list[Cost]:
    """What the invoice says; category, share and payment are left to be said. Raises Invalid with the mend."""
    root = _root(content, name)
    if _local(root) != "FatturaElettronica":
        raise _refused(name, lazy_("it is no electronic invoice in the ordinary format (FatturaPA)"))
    supplier, buyer = _supplier(root), _buyer(root)
    if ours.codes and buyer and not buyer & {plain_code(each) for each in ours.codes}:
        raise _refused(name, lazy_("it is addressed to %(buyer)s, neither you nor a partner", buyer=min(buyer)))
    bodies = _all(root, "FatturaElettronicaBody")
    if not 0 < len(bodies) <= MOST_BODIES:
        raise _refused(name, lazy_("it holds no invoice, or too many"))
    return [_cost(body, supplier, name, ours.cup) for body in bodies]


def _root(content: bytes, name: str) -> Element:
    try:
        is_signed = content.startswith(_WRAPPED) or name.lower().endswith(".p7m")
        inside = innermost(content) if is_signed else content
        if is_signed and not bears_digest(content, inside):
            raise _refused(name, lazy_("it was changed after it was signed"))
        return tree_of(inside)
    except DefusedXmlException as error:
        raise _refused(name, lazy_("it contains instructions that no invoice has")) from error
    except (ParseError, ValueError, LookupError, ContentRefused, Overgrown) as error:
        raise _refused(name, lazy_("it cannot be read")) from error


def _supplier(root: Element) -> _Party:
    for seller in _all(root, "CedentePrestatore"):
        country, number = _text(seller, "IdPaese"), _text(seller, "IdCodice")
        code = number if country in ("", "IT") else f"{country}{number}"
        full = _text(seller, "Denominazione") or f"{_text(seller, 'Nome')} {_text(seller, 'Cognome')}".strip()
        return _Party(full[:200], (code or _text(seller, "CodiceFiscale")).upper()[:28])
    return _Party("", "")


def _buyer(root: Element) -> set[str]:
    """The tax codes of whoever the invoice is addressed to, without the country of Italy."""
    codes = set()
    for buyer in _all(root, "CessionarioCommittente")[:1]:
        country = _text(buyer, "IdPaese")
        number = _text(buyer, "IdCodice")
        codes = {number if country in ("", "IT") else f"{country}{number}", _text(buyer, "CodiceFiscale")}
    return {plain_code(each) for each in codes if each}


def _cost(body: Element, supplier: _Party, name: str, cup: str | None) -> Cost:
    number, day = _text(body, "Numero"), _day(_text(body, "Data"))
    _must_be_a_cost(body, name)
    net, vat = (sum(_cents(body, part, name)) for part in ("ImponibileImporto", "Imposta"))
    if not number or day is None or not 0 < net + vat < MOST_CENTS or net <= 0 or vat < 0:
        raise _refused(name, lazy_("its number, day or amount is missing"))
    return Cost(
        category="", document=DocumentKind.INVOICE, supplier_name=supplier.name, supplier_code=supplier.code,
        description=_what(body), document_number=number[:80], document_on=day, net_cents=net, vat_cents=vat,
        cup=_cup(body, cup), source=LineSource.FATTURAPA,
    )  # fmt: skip


def _must_be_a_cost(body: Element, name: str) -> None:
    kind, money = _text(body, "TipoDocumento"), _text(body, "Divisa").upper()
    if kind in CREDIT_NOTES:
        raise _refused(name, lazy_("it is a credit note: lower the share of the invoice that it corrects"))
    if kind in TO_ONESELF:
        raise _refused(name, lazy_("it is an invoice to oneself: nobody was paid"))
    if money not in ("", "EUR"):
        raise _refused(name, lazy_("its amounts are in %(money)s: type the line in euro as it was paid", money=money))


def _what(body: Element) -> str:
    """What was bought, from the first of its rows."""
    found = [_text(row, "Descrizione") for row in _all(body, "DettaglioLinee")]
    return "; ".join(dict.fromkeys(each for each in found if each))[:500]


def _cup(body: Element, ours: str | None) -> str | None:
    """The CUP of the grant if it stands in it, else the first: beside an order, a contract, or among the other data."""
    stated = [clean_line(each.text or "").upper() for each in _all(body, "CodiceCUP")]
    others = (each for each in _all(body, "AltriDatiGestionali") if _text(each, "TipoDato").upper() == "CUP")
    stated += [_text(each, "RiferimentoTesto").upper() for each in others]
    found = [each for each in stated if CUP.fullmatch(each)]
    return ours if ours in found else next(iter(found), None)


def _cents(body: Element, part: str, name: str) -> Iterator[int]:
    for summary in _all(body, "DatiRiepilogo"):
        try:
            exact = Decimal(_text(summary, part) or "0")
            if not abs(exact) < MOST_CENTS:  # before it becomes a whole number of a million figures
                raise ValueError(part)
            yield int((exact * 100).to_integral_value())
        except (ArithmeticError, ValueError) as error:
            raise _refused(name, lazy_("one of its amounts cannot be read")) from error


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _all(element: Element, name: str) -> list[Element]:
    return [each for each in element.iter() if _local(each) == name]


def _text(element: Element, name: str) -> str:
    """The text of the first part of this name; empty where there is none."""
    found = next((each for each in element.iter() if _local(each) == name), None)
    return clean_line(found.text or "") if found is not None else ""


def _refused(name: str, why: object) -> Invalid:
    return Invalid(
        lazy_(
            "“%(name)s” was not read: %(why)s. Take the XML or XML.p7m from your invoicing service, or type the line.",
            name=name, why=why,
        ), FIELD,
    )  # fmt: skip
