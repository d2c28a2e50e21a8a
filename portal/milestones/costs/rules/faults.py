"""What keeps a cost from being sent: each fault names its field and how it is mended. Pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from portal.applications.rules import Euro
from portal.applications.spending import Named
from portal.calls.rules import CostForm
from portal.calls.rules.design import in_cents
from portal.calls.rules.options import how_counted
from portal.core.i18n import lazy_
from portal.milestones.costs.rules.cost import Cost
from portal.milestones.costs.rules.faults_real import document_faults, payment_faults
from portal.milestones.costs.rules.terms import Category, Terms


@dataclass(frozen=True, slots=True)
class CostFault:
    """One thing to mend: the field where it stands, and the words."""

    field: str
    words: object


Faults = Iterator[tuple[str, object]]


def cost_faults(cost: Cost, terms: Terms, *, has_document: bool = True) -> list[CostFault]:
    """Everything that keeps this cost from being sent; an empty list when nothing does."""
    category = terms.categories.get(cost.category)
    if category is None:
        return [CostFault("category", lazy_("Choose the kind of cost."))]
    if category.refused is not None:
        words = lazy_("“%(category)s” is not a cost of this call. %(where)s Take this line out.",
                      category=Named(category.name), where=category.refused)  # fmt: skip
        return [CostFault("category", words)]
    found = [CostFault(field, words) for field, words in BY_FORM[category.form](cost, category, terms)]
    if category.form is CostForm.REAL and not has_document:
        found += [CostFault(field, words) for field, words in _file_faults(cost, terms)]
    return found


def _real(cost: Cost, _category: Category, terms: Terms) -> Faults:
    yield from document_faults(cost, terms)
    yield from payment_faults(cost, terms)


def _units(cost: Cost, category: Category, _terms: Terms) -> Faults:
    if not cost.quantity_hundredths or cost.quantity_hundredths < 0:
        how = Named(how_counted(category.option)) if category.option else ""
        yield "quantity", lazy_("Write how many units: %(how)s.", how=how)
    if not cost.description:
        yield "description", lazy_("Say what shows the quantity: timesheets, a register, a list.")


def _lump_sum(cost: Cost, _category: Category, terms: Terms) -> Faults:
    if cost.milestone_id is None:
        yield "milestone", lazy_("Choose the milestone whose result this sum pays.")
    elif cost.milestone_id not in terms.accepted:
        yield (
            "milestone",
            lazy_("A lump sum is paid whole, on a result: send it once the office has accepted this milestone."),
        )


def _rate(_cost: Cost, category: Category, _terms: Terms) -> Faults:
    how = Named(how_counted(category.option)) if category.option else ""
    yield "category", lazy_(
        "“%(category)s” is computed by itself, %(how)s: written as a line of its own the same cost would be financed"
        " twice. Take this line out.", category=Named(category.name), how=how,
    )  # fmt: skip


BY_FORM: Mapping[CostForm, Callable[[Cost, Category, Terms], Faults]] = {
    CostForm.REAL: _real,
    CostForm.UNIT_COST: _units,
    CostForm.LUMP_SUM: _lump_sum,
    CostForm.FLAT_RATE: _rate,
}
"""What is asked of a cost by how it is counted."""


def _file_faults(cost: Cost, terms: Terms) -> Faults:
    least = terms.rules.files_from
    if least is not None and (cost.gross_cents or 0) >= in_cents(least):
        yield "files", lazy_("Attach the document: the call asks for it from %(amount)s.", amount=Euro(in_cents(least)))
