"""What the last form must ask so that simplified cost options can be computed in it: one table, its columns."""

from collections.abc import Mapping

from portal.calls.rules.design import CallDesign, CostCategory, CostForm, CostOption
from portal.calls.rules.options import counted, flat_rates
from portal.calls.rules.pricing import CATEGORY, COST, QUANTITY, UNIT_COST, cost_tables
from portal.calls.rules.validity.duties import OF_CATEGORY, last_seen
from portal.calls.rules.validity.fault import Fault, Faults, Seen
from portal.core.i18n import lazy_
from portal.questionnaires.rules import Form, Question, QuestionType


def options_asked(design: CallDesign) -> Faults:
    """The last form has the table in which the options are computed, with the columns they need."""
    found = list(counted(design.costs))
    if not found:
        return
    seen = last_seen(design)
    form = Form(seen.design.questionnaire.sections)
    tables = [tags for _question, tags in cost_tables(form)]
    if not tables:
        yield Fault(
            seen.at("questionnaire"),
            lazy_("The form has no table that asks for the kind of each cost: simplified options are computed there."),
            lazy_("Ask for kinds (tag %(kind)s) and amounts (tag %(cost)s) in one table.", kind=CATEGORY, cost=COST),
        )
        return
    if flat_rates(design.costs):
        yield from _in_one_place(seen, form)
    for category, option in found:
        place = f"costs.categories.{design.costs.categories.index(category)}.option"
        yield from _computed(place, category, form) if option.flat_rate else _chosen(place, category, option, tables)


def _in_one_place(seen: Seen, form: Form) -> Faults:
    """A flat rate is computed from every cost of its base, so that all stand in one table."""
    if len({question.key for question, _column in form.by_tag.get(COST, ())}) > 1:
        yield Fault(seen.at("questionnaire"),
                    lazy_("Costs are asked in several places: a flat rate is computed from one table."),
                    lazy_("Ask for all costs in one table."))  # fmt: skip


def _computed(place: str, category: CostCategory, form: Form) -> Faults:
    if OF_CATEGORY + category.key in form.by_tag:
        yield Fault(place, lazy_("The form asks for an amount that is computed."),
                    lazy_("Take the question with the tag %(tag)s away.", tag=OF_CATEGORY + category.key))  # fmt: skip


def _chosen(place: str, category: CostCategory, option: CostOption, tables: list[Mapping[str, Question]]) -> Faults:
    """A unit cost needs a quantity; whatever is not computed has to be among the kinds that can be chosen."""
    if not any(each.key == category.key for tags in tables for each in tags[CATEGORY].options):
        yield Fault(place, lazy_("Nobody can choose this cost in the table of costs."),
                    lazy_("Add it to the kinds that the table offers."))  # fmt: skip
    for tags in tables:
        is_typed = option.form is CostForm.LUMP_SUM and not tags[COST].is_computed and UNIT_COST not in tags
        if not is_typed and not _multiplies(tags):
            yield Fault(
                place, lazy_("The table of costs does not multiply a quantity by a unit cost."),
                lazy_("Tag the columns %(quantity)s and %(unit)s, and compute the amount as one times the other.",
                      quantity=QUANTITY, unit=UNIT_COST),
            )  # fmt: skip


def _multiplies(tags: Mapping[str, Question]) -> bool:
    quantity, unit, cost = tags.get(QUANTITY), tags.get(UNIT_COST), tags[COST]
    if quantity is None or unit is None or QuestionType.MONEY not in (unit.type, cost.type):
        return False
    names = sorted(part.strip() for part in (cost.formula or "").split("*"))
    return unit.type is cost.type and quantity.type is QuestionType.NUMBER and names == sorted([quantity.key, unit.key])
