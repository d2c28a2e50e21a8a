"""What stands in an agreement: the values of its fields and its tables, from a grant and the plan in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.calls.rules import CallDesign, TrancheTemplate
from portal.core.instants import format_day, format_hours
from portal.core.money import format_cents
from portal.grants.changes.rules import Plan
from portal.grants.labels import LEGAL_FORMS
from portal.grants.library.rules import escaped
from portal.grants.models import Grant
from portal.grants.tranches import tranche_amounts
from portal.grants.words import amount_in_words


@dataclass(frozen=True, slots=True)
class Values:
    """Texts by field, and tables in Markdown."""

    fields: dict[str, str]
    tables: dict[str, str]

    def rows(self, table: str) -> int:
        """How many rows a table has below its head."""
        return len(self.tables[table].split("\n")) - 2


def values_of(grant: Grant, plan: Plan | None, today: date) -> Values:
    """The values of every field, in the language that is spoken around; one that is not known is empty."""
    return Values(
        _who(grant) | _what(grant, today) | _how(grant.application.design),
        {"milestones": _milestones(grant, plan), "tranches": _tranches(grant, plan)},
    )


def _who(grant: Grant) -> dict[str, str]:
    recipient, authority, design = grant.organisation, grant.call.authority, grant.application.design
    lead = next((place.organisation for place in recipient.partners if place.is_lead), recipient)
    partners = [place.organisation.name for place in recipient.partners]
    return {
        "recipient": recipient.name,
        "recipient_form": str(LEGAL_FORMS[recipient.legal_form]),
        "recipient_code": recipient.fiscal_code or lead.fiscal_code or "",
        "recipient_seat": ", ".join(part for part in (lead.address, lead.city) if part),
        "representative": lead.representative_name or "",
        "partners": "; ".join(partners),
        "authority": authority.name,
        "authority_code": authority.fiscal_code or "",
        "office": design.office.get("it") or authority.office or "",
        "officer": design.officer or authority.rup or "",
    }


def _what(grant: Grant, today: date) -> dict[str, str]:
    application = grant.application
    return {
        "call": grant.call.title["it"],
        "action": application.design.action,
        "project": application.title or "",
        "reference": grant.reference,
        "cup": grant.cup or "",
        "act": grant.act_number,
        "act_date": format_day(grant.act_date),
        "amount": f"€ {format_cents(grant.granted_cents)}",
        "amount_words": amount_in_words(grant.granted_cents),
        "total_cost": f"€ {format_cents(application.total_cents)}" if application.total_cents else "",
        "today": format_day(today),
    }


def _how(design: CallDesign) -> dict[str, str]:
    coaching = design.coaching
    return {
        "months": str(max((each.month for each in design.milestones), default=0) or ""),
        "payment_days": str(design.payment_days),
        "coaching_hours": format_hours(coaching.allowance_minutes),
        "coaching_minimum": format_hours(coaching.minimum_confirmed_minutes),
    }


def _milestones(grant: Grant, plan: Plan | None) -> str:
    shown = {each.key: each.deliverable["it"] for each in grant.application.design.milestones}
    if plan is None:
        rows = [(each.title["it"], each.deliverable["it"], str(each.month))
                for each in grant.application.design.milestones]  # fmt: skip
        return _table(("Traguardo", "Che cosa si mostra", "Entro il mese"), rows)
    return _table(
        ("Traguardo", "Che cosa si mostra", "Entro il"),
        [(each.title, shown.get(each.key, ""), format_day(each.due_on)) for each in plan.milestones],
    )


def _tranches(grant: Grant, plan: Plan | None) -> str:
    design = grant.application.design
    amounts = tranche_amounts(grant.granted_cents, design.tranches)
    held = {each.key: cents for each, cents in zip(design.tranches, amounts, strict=True)}
    if plan is not None:
        held = {each.key: each.cents for each in plan.tranches}
    after = {each.key: each.title["it"] for each in design.milestones}
    rows = [
        (each.name["it"], size_of(each), f"€ {format_cents(held[each.key])}", after.get(each.milestone or "", "–"))
        for each in design.tranches
        if each.key in held
    ]
    return _table(("Tranche", "Quota", "Importo", "Dopo il traguardo"), rows)


def size_of(tranche: TrancheTemplate) -> str:
    """The share of a tranche as agreements say it; of a fixed amount, that it is one."""
    return "importo fisso" if tranche.share is None else f"{tranche.share} %".replace(".", ",")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, its cells escaped."""
    lines = [head, ["---"] * len(head), *([escaped(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
